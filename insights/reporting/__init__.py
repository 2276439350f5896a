"""The parts that reports are put together from: HTML as text, without script or anything from
elsewhere."""
