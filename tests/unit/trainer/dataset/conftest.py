"""Small datasets as folders, and a database that a test may throw away."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from db.engine import open_engine
from trainer.clock import Clock
from trainer.desk import Desk

WriteFolder = Callable[[Mapping[str, str]], Path]
NewDesk = Callable[[], Desk]

#: A county in small: every file has a row, every kind of reference is used.
COUNTY = {
    "office.toml": 'name = "测试中心"\nlanguage = "zh"\n',
    "units.csv": "code,name,kind,parent,second_parent,lat,lon\n"
    "U1,市委组织部,部门,,,35.4,116.97\nU2,城前镇,镇,U1,,,\nU3,快递行业党委,党委,U1,U2,,\n",
    "groups.csv": "code,name,kind,members\nG1,第一联盟,alliance,U2|U3\n",
    "people.csv": "code,name,unit,position,category,tier,party_status,gender,birth_year,phone,"
    "joined,left\n"
    "P1,甲一,U1,科员,青年,,正式党员,女,1990,+86 537 1,2012-07-01,\n"
    "P2,乙二,U2,书记,科级,head,正式党员,男,1975,,,\n"
    "P3,丙三,U2,,,flock,,,,,,\n",
    "venues.csv": "code,name,kind,unit,capacity,equipment,lat,lon,open_from,open_to,season_from,"
    "season_to,closed_weekdays,shared_with,accredited_until\n"
    "V1,第一教室,classroom,U1,60,projector|tv,35.4,116.97,08:00,21:30,,,,,2025-12-31\n"
    "V2,紫薇小镇,field_site,U2,40,,35.2,116.5,09:00,16:00,11-01,02-28,1|7,U2|G1,\n",
    "accreditation.csv": "venue,item,evidence,date\nV1,有师资队伍,名册,2022-01-05\n",
    "travel.csv": "from,to,minutes\nV1,V2,45\n",
    "teachers.csv": "code,name,kind,unit,person,courses,max_per_week,fee\n"
    "T1,丁四,party_school,U1,P1,C1|C2,6,300\nT2,戊五,local_expert,,,,,\n",
    "courses.csv": "code,title,strand,focus,form,periods,venue_kinds,venues,equipment,teachers,"
    "after\n"
    "C1,开班式,theory,political,ceremony,1,classroom,,,T1,\n"
    "C2,现场教学,practice,professional,field,2,,V2,,T1|T2,C1\n",
    "classes.csv": "code,title,series,measure,focus,hosts,sponsor,size,earliest,latest,max_days,"
    "residential,accredited,head_teacher,venues,stage\n"
    "K1,青年班,主体班,party_school,political,U2|U3,U1,40,2023-03-13,2023-04-09,5,true,false,P1,V1,"
    "approved\n",
    "syllabus.csv": "class,course,count,teacher,venue,date,period,position,joint\n"
    "K1,C1,1,T1,V1,2023-03-13,AM1,first,\nK1,C2,2,,,,,,J1\n",
    "enrolments.csv": "class,person,status,from,to\n"
    "K1,P1,confirmed,,\nK1,P2,confirmed,2023-03-13,2023-03-14\nK1,P2,confirmed,2023-03-16,\n"
    "K1,P3,reserve,,\n",
    "unavailable.csv": "kind,code,date_from,date_to,period,reason\n"
    "teacher,T1,2023-03-20,2023-03-21,PM1,外出\nvenue,V2,,2022-12-31,,建设中\n"
    "unit,U2,2023-06-01,,,\n",
    "surveys.csv": "code,title,opened,closed,audience,targets_at_least,questions\n"
    "S1,需求调查,2022-12-05,2022-12-23,全体,3,最想学什么？|怎么学？\n",
    "responses.csv": "survey,person,unit,answered_at,focus,topic,measure_wish,problem\n"
    "S1,P1,U1,2022-12-06,political,乡村振兴,go_out,没有时间\nS1,P2,U2,2022-12-07,,,,\n",
    "suggestions.csv": "code,survey,unit,person,text,topic,state,merged_into,became,reason\n"
    "G-1,S1,U1,P1,多讲案例,,adopted,,K1,\nG-2,S1,U2,P2,同上,,merged,G-1,,\n",
    "applications.csv": "code,unit,title,topic,audience,size,days,month,measure,reason,state,"
    "class\n"
    "A-1,U2,青年班,,青年,40,2.5,3,party_school,需要,approved,K1\n",
    "sessions.csv": "uid,class,course,seq,date,period,periods,start,end,venue,teacher,status,"
    "locked,joint\n"
    "11111111-1111-4111-8111-111111111111,K1,C1,1,2023-03-13,AM1,1,2023-03-13T08:30:00+08:00,"
    "2023-03-13T09:15:00+08:00,V1,T1,planned,true,\n",
    "marks.csv": "id,session,person,status,minutes,at,by,device,counter,replaces,note\n"
    "m1,11111111-1111-4111-8111-111111111111,P1,absent,,2023-03-13T08:31:00+08:00,甲,d1,1,,\n"
    "m2,11111111-1111-4111-8111-111111111111,P1,late,5,2023-03-13T00:36:00.250000+00:00,甲,d1,2,m1,到了\n",
    "leaves.csv": "id,person,class,kind,date_from,period_from,date_to,period_to,reason,paper,"
    "status,approved_by,asked_at,returned_at,time_from,time_to\n"
    "L1,P2,K1,sick,2023-03-14,AM1,2023-03-14,AM4,就医,证明,approved,P1,2023-03-13,,,\n"
    "L2,P2,K1,personal,2023-03-15,,2023-03-15,,办事,,requested,,2023-03-13,,08:30,09:10\n",
    "scores.csv": "class,person,kind,score,passed,date,note\nK1,P1,exam,92.5,true,2023-03-17,\n",
}


@pytest.fixture
def county() -> dict[str, str]:
    """The text of every file of a small, good dataset, to be changed at will."""
    return dict(COUNTY)


@pytest.fixture
def write_folder(tmp_path: Path) -> WriteFolder:
    """Write a dataset folder from the text of its files."""
    numbers = itertools.count(1)

    def write(files: Mapping[str, str]) -> Path:
        folder = tmp_path / f"dataset-{next(numbers)}"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
        return folder

    return write


@pytest.fixture
def new_desk(sqlite_template: Path, tmp_path: Path) -> Iterator[NewDesk]:
    """Make desks, each at a fresh SQLite database."""
    made: list[str] = []

    def make() -> Desk:
        path = tmp_path / f"desk-{len(made)}.db"
        shutil.copy(sqlite_template, path)
        made.append(f"sqlite:///{path}")
        return Desk(made[-1], "clerk", Clock())

    yield make
    for url in made:
        open_engine(url).dispose()
