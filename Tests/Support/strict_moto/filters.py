"""How many values EC2's filters take, which moto does not count."""

import re

from .model import Refusal

# Of all filters of a call together; code and words are those of https://github.com/gjbae1212/gossm/issues/47 and
# https://github.com/convox/rack/issues/2205.
MOST_VALUES = 200


def check(call):
    """A refusal for too many of them."""
    if call.service != "ec2" or not call.action.startswith("Describe"):
        return None
    values = [name for name in call.flat if re.fullmatch(r"Filter\.\d+\.Value\.\d+", name)]
    if len(values) <= MOST_VALUES:
        return None
    return Refusal(
        "FilterLimitExceeded", f"The maximum number of filter values specified on a single call is {MOST_VALUES}")
