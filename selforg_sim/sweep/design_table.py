"""The table of the design as a Parquet file, with unit and meaning of each column."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from selforg_sim.scenario.file_schema import about_setting
from selforg_sim.sweep.study import Study, about_factor

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

ABOUT = {
    "row": ("number", "Row of the design; -1: a point of an earlier design."),
    "point": ("number", "Point; rows with the same settings are one point."),
    "scenario": ("", "Scenario."),
}


def design_table(study: Study, frame: pd.DataFrame) -> pa.Table:
    """The design with the scenarios' names in place of their numbers."""
    import pyarrow as pa

    names = [model.name for model in study.models]
    table = pa.Table.from_pandas(frame, preserve_index=False)
    place = table.schema.get_field_index("scenario")
    codes = table.column("scenario").cast(pa.int32()).combine_chunks()
    table = table.set_column(place, "scenario", pa.DictionaryArray.from_arrays(codes, names))
    fields = [field.with_metadata(_about(study, field.name)) for field in table.schema]
    metadata = {b"scenarios": json.dumps(names).encode()}
    return table.cast(pa.schema(fields)).replace_schema_metadata(metadata)


def from_design_table(table: pa.Table) -> pd.DataFrame:
    """The design again, with numbers of scenarios."""
    import pandas as pd
    import pyarrow as pa

    place = table.schema.get_field_index("scenario")
    column = table.column("scenario").combine_chunks()
    table = table.set_column(place, "scenario", column.indices.cast(pa.int64()))
    frame: pd.DataFrame = table.to_pandas(types_mapper={pa.string(): None}.get)
    for name, kind in zip(table.column_names, table.schema.types, strict=True):
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            frame[name] = frame[name].astype(object)
        elif pa.types.is_integer(kind) and table.column(name).null_count:
            frame[name] = table.column(name).to_pandas(
                types_mapper={pa.int64(): pd.Int64Dtype()}.get
            )
    return frame


def _about(study: Study, name: str) -> dict[str, str]:
    if name in ABOUT:
        unit, meaning = ABOUT[name]
    elif name.startswith("u:"):
        unit, meaning = "share", f"Place of {name[2:]} between 0 and 1, from which it was drawn."
    else:
        unit, _ = about_factor(name, study.experiment.factors[name])
        meaning = about_setting(name)[1]
    return {"unit": unit, "meaning": meaning}
