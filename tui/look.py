"""The two looks of the app: ink (dark) and paper (light), few colours, each with one meaning."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

INK: Final = Theme(
    name="ink",
    primary="#7fb8a8",
    secondary="#8aa4c0",
    accent="#e0b064",
    warning="#e0b064",
    error="#e5786a",
    success="#8fc28a",
    foreground="#d9dee3",
    background="#11161b",
    surface="#171d24",
    panel="#212932",
    dark=True,
    variables={
        "footer-key-foreground": "#7fb8a8",
        "footer-background": "#171d24",
        "block-cursor-background": "#2c4a49",
        "block-cursor-foreground": "#f2f5f4",
        "block-cursor-text-style": "bold",
        "input-cursor-background": "#d9dee3",
    },
)
PAPER: Final = Theme(
    name="paper",
    primary="#1f6a5c",
    secondary="#3d5a80",
    accent="#96590f",
    warning="#96590f",
    error="#a8322a",
    success="#33691e",
    foreground="#23282d",
    background="#f7f4ed",
    surface="#efebe0",
    panel="#e4decf",
    dark=False,
    variables={
        "footer-key-foreground": "#1f6a5c",
        "footer-background": "#efebe0",
        "block-cursor-background": "#c5ddd6",
        "block-cursor-foreground": "#14201d",
        "block-cursor-text-style": "bold",
        "input-cursor-background": "#23282d",
    },
)
