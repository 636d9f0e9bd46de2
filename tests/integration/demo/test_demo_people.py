"""The demo's stations, staff and accounts."""

from zoneinfo import ZoneInfo

from core.access import PEOPLE
from db.demo.content_reading import load_content


def test_twelve_stations_stand_under_regions_under_one_company():
    stations = {station.code: station for station in load_content().stations}
    top = [station for station in stations.values() if station.parent_code is None]
    regions = [station for station in stations.values() if station.parent_code == top[0].code]
    leaves = [station for station in stations.values() if station.languages]

    assert len(top) == 1
    assert len(leaves) == 12
    assert {leaf.parent_code for leaf in leaves} == {region.code for region in regions}
    assert len(stations) == 1 + len(regions) + len(leaves)
    assert sorted(leaf.kind for leaf in leaves) == sorted(
        ["airport"] * 7 + ["phone_desk"] * 3 + ["city_office", "chat_desk"]
    )
    for station in stations.values():
        ZoneInfo(station.timezone)
        station.name_zh_tw.encode("big5")
        station.name_zh_cn.encode("gb2312")


def test_120_people_serve_ten_at_each_station():
    content = load_content()
    codes = [member.station_code for member in content.staff]

    assert {codes.count(station.code) for station in content.stations if station.languages} == {10}
    assert len({member.staff_no for member in content.staff}) == 120
    assert len({member.name_en for member in content.staff}) == 120
    for member in content.staff:
        member.name_zh_tw.encode("big5")
        # GB 2312 lacks some rarer characters of names; GBK has them.
        member.name_zh_cn.encode("gbk")


def test_every_role_of_the_portal_has_an_account():
    content = load_content()
    roles = [user.role for user in content.users]

    assert set(roles) == {role.value for role in PEOPLE}
    assert roles.count("inspector") == 8
    assert len({user.username for user in content.users}) == len(content.users)
    staff = {member.staff_no for member in content.staff}
    assert all(user.staff_no in staff for user in content.users if user.role == "staff")
    stations = {station.code for station in content.stations}
    assert all(
        user.station_code in stations
        for user in content.users
        if user.role in ("station_manager", "case_handler")
    )


def test_a_station_plays_only_scenarios_its_customers_could_speak():
    content = load_content()
    manila = next(station for station in content.stations if station.code == "MNC")

    suited = content.suited("phone", manila)

    assert len(suited) == 4
    assert {(scenario.checklist, scenario.language) for scenario in suited} == {("phone", "en")}
