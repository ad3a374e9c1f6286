//! What the price list promises, as tables: names, golden sums, the shape of the data, own models.

mod costs;
mod data;
mod names;
mod own;
