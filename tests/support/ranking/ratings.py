"""Published ratings and the coefficients printed with them."""

import csv
import json

from tests.support.requirements import ROOT

DATA = ROOT / "tests" / "data"
LEVELS = ("nominal", "ordinal", "interval", "ratio")


def published(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


FOUR_CODERS = published("published/krippendorff_4coders_12units.json")
SHROUT_FLEISS = published("published/shrout_fleiss_1979.json")
FLEISS = published("published/fleiss1971.json")
IRRCAC = published("statistics/irrcac_overview.json")
UNITS = FOUR_CODERS["units_by_coder"]
with (DATA / "published/fleiss1971_diagnoses_30x6.csv").open(encoding="utf-8") as file:
    DIAGNOSES = list(csv.reader(file))[1:]
