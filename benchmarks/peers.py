"""What other tools need for the same rows, side by side with ours.

    python benchmarks/peers.py --only datafog-core cloakrs

Each peer is installed from PyPI into an environment of its own, which is thrown away; what cannot be installed or run
is skipped, and said so. A peer gets the text columns as Python strings already in memory; ours reads all twenty columns
from the file. A peer is charged the difference of two sizes, so that its start-up costs nothing; ours a whole look.
Each ratio is of two runs right after one another.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Nothing else up here: the peers' own interpreters read this file too.
from measure import HERE, MILLION, Table, answer, in_process, options, show, timed

Columns = dict[str, list[str]]
WARM = 20
TIMEOUT = 900
# What a careful person would write: looser than detectors, without a check of anything they find.
PATTERNS = (
    r"[\w.+-]+@[\w-]+\.[\w.]+",
    r"(?:\+\d{1,3}[ .-]?)?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}",
    r"\b(?:4\d{3}|5[1-5]\d{2}|6011)[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b",
    r"\b3[47]\d{2}[ -]?\d{6}[ -]?\d{5}\b",
    r"\b\d{3}-\d{2}-\d{4}\b",
    r"\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b",
    r"\b(?:\d{1,3}\.){3}\d{1,3}\b",
    r"\b(?:[0-9a-fA-F]{1,4}:){4,7}[0-9a-fA-F]{1,4}\b",
    r"\b(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b",
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    r"://[^\s/:@]+:[^\s/@]+@",
    r"\beyJ[\w-]+\.eyJ[\w-]+\.[\w-]+",
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    r"\bgh[pousr]_[A-Za-z0-9]{36}\b",
    r"\bxox[baprs]-[A-Za-z0-9-]{10,}",
    r"\bAIza[\w-]{35}\b",
    r"\b[sr]k_live_[0-9a-zA-Z]{24,}\b",
    r"\b[A-CEGHJ-PR-TW-Z]{2}\d{6}[A-D]\b",
    r"\b\d{8}[A-Z]\b",
    r"\b[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]\b",
    r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b",
    r"\b(?:bc1[a-z0-9]{25,39}|[13][A-HJ-NP-Za-km-z1-9]{26,34})\b",
    r"(?i)\b(?:dob|born)\b.{0,6}\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}",
    r"-?\b\d{1,2}\.\d{4,}[ ]?[,;][ ]?-?\d{1,3}\.\d{4,}\b",
    r"\b\d{1,5} (?:[A-Z][a-z]+ ){1,3}(?:Street|Avenue|Road|Lane|Drive|Boulevard|Court|Way|Place|Terrace)\b",
)


def by_text(look: Callable[[str], Iterable[Any]]) -> Callable[[Columns], int]:
    """A peer that looks at one text at a time: all texts, and how many have anything in them."""
    return lambda columns: sum(any(True for _ in look(text)) for texts in columns.values() for text in texts)


def _datafog_core() -> Callable[[Columns], int]:
    import datafog_core

    return by_text(datafog_core.scan)


def _cloakrs() -> Callable[[Columns], int]:
    from cloakrs import Scanner

    scanner = Scanner(locale="us")
    return by_text(lambda text: scanner.scan(text).findings)


def _scrubadub() -> Callable[[Columns], int]:
    import scrubadub

    return by_text(scrubadub.Scrubber().iter_filth)


def _presidio() -> Callable[[Columns], int]:
    """All recognisers that need no model."""
    from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine.no_op_nlp_engine import NoOpNlpEngine

    nlp = NoOpNlpEngine(models=[{"lang_code": "en", "model_name": "none"}])
    nlp.load()
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"])
    for one in list(registry.recognizers):
        if one.name in ("SpacyRecognizer", "NlpEngineRecognizer"):
            registry.remove_recognizer(one.name)
    engine = BatchAnalyzerEngine(AnalyzerEngine(nlp_engine=nlp, registry=registry, supported_languages=["en"]))
    return lambda columns: sum(
        bool(found) for texts in columns.values() for found in engine.analyze_iterator(texts, language="en")
    )


def _dataprofiler() -> Callable[[Columns], int]:
    """Statistics of the columns; without the labeler, which needs TensorFlow, nothing is recognised."""
    import dataprofiler
    import pandas as pd

    settings = dataprofiler.ProfilerOptions()
    settings.set({"data_labeler.is_enabled": False, "multiprocess.is_enabled": False})

    def profile(columns: Columns) -> int:
        frame = pd.DataFrame(columns)
        dataprofiler.Profiler(frame, options=settings, samples_per_update=len(frame), min_true_samples=0)
        return 0

    return profile


def _pandas() -> Callable[[Columns], int]:
    import pandas as pd

    return lambda columns: sum(
        int(texts.str.contains(pattern, regex=True).sum())
        for texts in (pd.Series(texts, dtype="str") for texts in columns.values())
        for pattern in PATTERNS
    )


@dataclass(frozen=True)
class Peer:
    """A tool to compare with.

    :param packages: what to install
    :param rows: so many that it is busy for seconds
    :param start: gives what looks at columns
    """

    packages: tuple[str, ...]
    rows: int
    start: Callable[[], Callable[[Columns], int]]


PEERS = {
    "datafog-core": Peer(("datafog-core",), 100_000, _datafog_core),
    f"pandas .str.contains, {len(PATTERNS)} patterns": Peer(("pandas>=3", "pyarrow"), 100_000, _pandas),
    "cloakrs": Peer(("cloakrs",), 50_000, _cloakrs),
    "DataProfiler, no labeler": Peer(("DataProfiler",), 20_000, _dataprofiler),
    "scrubadub": Peer(("scrubadub",), 10_000, _scrubadub),
    "presidio-analyzer, patterns": Peer(("presidio-analyzer",), 1_000, _presidio),
}


def inside(name: str, texts: Path, small: int, large: int) -> dict[str, float]:
    """In the peer's own interpreter: processor seconds for one row more."""
    columns = json.loads(texts.read_text())
    look = PEERS[name].start()
    look({column: cells[:WARM] for column, cells in columns.items()})
    tables = ({column: cells[:size] for column, cells in columns.items()} for size in (small, large))
    few, many = (timed(lambda table=table: look(table))[1] for table in tables)
    return {"cpu": (many.cpu - few.cpu) / (large - small)}


def ours_inside(path: Path, rows: int) -> dict[str, float]:
    """Ours: one whole look, of which what is done once a dataset is a part, after one that warms up."""
    from corpus import corpus
    from scan import SMALL, looked_at, source_of

    looked_at(source_of(corpus(min(rows, SMALL))))
    return {"cpu": timed(lambda: looked_at(source_of(path)))[1].cpu / rows}


def installed(packages: tuple[str, ...], folder: Path) -> Path:
    """The interpreter of a new environment with some packages.

    :raises subprocess.CalledProcessError: if they cannot be had
    """
    python = folder / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True, text=True)
    uv = Path(sys.executable).with_name("uv")
    pip = [str(uv), "pip"] if uv.exists() else [str(python), "-m", "pip"]
    where = ["--python", str(python)] if uv.exists() else []
    command = [*pip, "install", *where, *packages]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=TIMEOUT)
    return python


def peer_in_process(python: Path, name: str, texts: Path, rows: int) -> float:
    """Processor seconds a row of a peer."""
    command = [str(python), str(HERE / "peers.py"), "--inside", name, str(texts), str(rows // 5), str(rows)]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=TIMEOUT, env=clean)
    return float(json.loads(done.stdout.splitlines()[-1])["cpu"])


def compared(name: str, peer: Peer, texts: Path, rows: int, rounds: int) -> tuple[Any, ...]:
    """One row of the table: a peer, and ours right before it, several times."""
    from corpus import corpus

    whole, some = min(rows, MILLION), min(rows, peer.rows)
    with tempfile.TemporaryDirectory() as folder:
        try:
            python = installed(peer.packages, Path(folder) / "venv")
            pairs = [
                (
                    in_process("peers.py", "ours", corpus(whole), whole)["cpu"],
                    peer_in_process(python, name, texts, some),
                )
                for _ in range(rounds)
            ]
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            said = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
            return name, "skipped: " + (said[-1][:80] if said else "no reason given"), "", "", ""
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(peer_ / ours_ for ours_, peer_ in pairs)
    return name, some, 1 / theirs, 1 / ours, ratio


def main() -> None:
    """Compare with each that can be had."""
    parser = options(__doc__)
    parser.add_argument("--only", nargs="+", choices=PEERS, default=list(PEERS), metavar="PEER", help=", ".join(PEERS))
    arguments = parser.parse_args()
    table = Table(
        "Peers, side by side",
        ("peer", "rows", "rows/CPU s", "ours: rows/CPU s", "ours is so many times as fast"),
        note=f"peers: 8 text columns, marginal cost; ours: 20 columns, decoding and all; median of {arguments.rounds}",
    )
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "texts.json"
        texts.write_text(json.dumps(_texts(min(arguments.rows, max(PEERS[name].rows for name in arguments.only)))))
        for name in arguments.only:
            table.rows.append(compared(name, PEERS[name], texts, arguments.rows, arguments.rounds))
    show([table], arguments)


def _texts(rows: int) -> Columns:
    import polars as pl
    from corpus import corpus

    frame = pl.read_parquet(corpus(rows)).select(pl.col(pl.String).fill_null(""))
    return {name: frame[name].to_list() for name in frame.columns}


if __name__ == "__main__":
    if sys.argv[1:3] == ["--inside", "ours"]:
        answer(lambda: ours_inside(Path(sys.argv[3]), int(sys.argv[4])))
    elif sys.argv[1:2] == ["--inside"]:
        answer(lambda: inside(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])))
    else:
        sys.exit(main())
