from __future__ import annotations

import itertools
import warnings

from scanner.release.fixing import clean_ending
from tests.release.fuzz import damaged, try_one

SEED, FILES = 20, 150


def test_damaged_files_are_read_or_refused_in_words(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for number, (suffix, data) in enumerate(itertools.islice(damaged(SEED), FILES)):
            path, out = tmp_path / f"f{suffix}", tmp_path / f"out{number}{clean_ending(suffix)}"
            path.write_bytes(data)
            assert not try_one(path, out), (number, suffix)
