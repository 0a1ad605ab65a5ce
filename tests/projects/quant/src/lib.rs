//! A module for Python.

use pyo3::prelude::*;

/// Twice the number.
#[pyfunction]
pub fn double(x: i64) -> i64 {
    x * 2
}

#[pymodule]
fn quant(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(double, module)?)
}
