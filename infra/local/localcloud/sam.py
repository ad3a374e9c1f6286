"""SAM CLI, packing bootstraps with the fastest compression: they travel no further than this machine."""

import zipfile

_compressor = zipfile._get_compressor
zipfile._get_compressor = lambda kind, level=None: _compressor(kind, 1 if level is None else level)

from samcli.cli.main import cli  # noqa: E402 - after the patch

cli(prog_name="sam")
