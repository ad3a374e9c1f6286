//! `Metric` and its points: opentelemetry-proto metrics v1.

use super::{Budget, Field, Malformed, Reader, attribute};
use crate::otlp::signals::{Metric, Point, Shape};
use crate::text::lossy;

/// Reads a metric. A point that can't be read is counted and left out.
pub(crate) fn metric<'a>(bytes: &'a [u8], budget: &Budget<'_>) -> Result<Metric<'a>, Malformed> {
    let mut metric = Metric::default();
    let mut reader = Reader::new(bytes);
    while let Some(field) = reader.next()? {
        match field {
            (1, Field::Bytes(bytes)) => metric.name = lossy(bytes),
            (3, Field::Bytes(bytes)) => metric.unit = lossy(bytes),
            (5, Field::Bytes(bytes)) => data(bytes, Shape::Gauge, number_point, &mut metric, budget)?,
            (7, Field::Bytes(bytes)) => data(bytes, Shape::Sum, number_point, &mut metric, budget)?,
            (9, Field::Bytes(bytes)) => data(bytes, Shape::Histogram, histogram_point, &mut metric, budget)?,
            (10, Field::Bytes(bytes)) => data(bytes, Shape::Histogram, exponential_point, &mut metric, budget)?,
            (11, Field::Bytes(bytes)) => data(bytes, Shape::Histogram, summary_point, &mut metric, budget)?,
            _ => {}
        }
    }
    Ok(metric)
}

type ReadPoint = for<'a> fn(&'a [u8], &Budget<'_>) -> Result<Point<'a>, Malformed>;

fn data<'a>(bytes: &'a [u8], shape: Shape, read: ReadPoint, metric: &mut Metric<'a>, budget: &Budget<'_>) -> Result<(), Malformed> {
    metric.shape = shape;
    let mut reader = Reader::new(bytes);
    while let Some(field) = reader.next()? {
        match field {
            (1, Field::Bytes(bytes)) => {
                if metric.points.len() >= budget.limits.max_spans {
                    return Err(Malformed::Values);
                }
                match read(bytes, budget) {
                    Ok(point) => metric.points.push(point),
                    Err(Malformed::Values) => return Err(Malformed::Values),
                    Err(_) => metric.broken += 1,
                }
            }
            (2, Field::Varint(temporality)) => metric.temporality = temporality.cast_signed(),
            (3, Field::Varint(flag)) => metric.monotonic = flag != 0,
            _ => {}
        }
    }
    Ok(())
}

fn number_point<'a>(bytes: &'a [u8], budget: &Budget<'_>) -> Result<Point<'a>, Malformed> {
    let mut point = Point { count: 1, ..Point::default() };
    let mut reader = Reader::new(bytes);
    while let Some(field) = reader.next()? {
        match field {
            (2, Field::Fixed64(nanos)) => point.start = nanos,
            (3, Field::Fixed64(nanos)) => point.time = nanos,
            (4, Field::Fixed64(bits)) => point.value = Some(f64::from_bits(bits)),
            #[allow(clippy::cast_precision_loss)]
            (6, Field::Fixed64(bits)) => point.value = Some(bits.cast_signed() as f64),
            (7, Field::Bytes(bytes)) => attribute(bytes, &mut point.attributes, budget)?,
            _ => {}
        }
    }
    Ok(point)
}

fn histogram_point<'a>(bytes: &'a [u8], budget: &Budget<'_>) -> Result<Point<'a>, Malformed> {
    let mut point = Point::default();
    let mut reader = Reader::new(bytes);
    while let Some(field) = reader.next()? {
        match field {
            (2, Field::Fixed64(nanos)) => point.start = nanos,
            (3, Field::Fixed64(nanos)) => point.time = nanos,
            (4, Field::Fixed64(count)) => point.count = count,
            (5, Field::Fixed64(bits)) => point.value = Some(f64::from_bits(bits)),
            (9, Field::Bytes(bytes)) => attribute(bytes, &mut point.attributes, budget)?,
            (11, Field::Fixed64(bits)) => point.min = Some(f64::from_bits(bits)),
            (12, Field::Fixed64(bits)) => point.max = Some(f64::from_bits(bits)),
            _ => {}
        }
    }
    point.value = point.value.or(Some(0.0));
    Ok(point)
}

fn exponential_point<'a>(bytes: &'a [u8], budget: &Budget<'_>) -> Result<Point<'a>, Malformed> {
    let mut point = Point::default();
    let mut reader = Reader::new(bytes);
    while let Some(field) = reader.next()? {
        match field {
            (1, Field::Bytes(bytes)) => attribute(bytes, &mut point.attributes, budget)?,
            (2, Field::Fixed64(nanos)) => point.start = nanos,
            (3, Field::Fixed64(nanos)) => point.time = nanos,
            (4, Field::Fixed64(count)) => point.count = count,
            (5, Field::Fixed64(bits)) => point.value = Some(f64::from_bits(bits)),
            (12, Field::Fixed64(bits)) => point.min = Some(f64::from_bits(bits)),
            (13, Field::Fixed64(bits)) => point.max = Some(f64::from_bits(bits)),
            _ => {}
        }
    }
    point.value = point.value.or(Some(0.0));
    Ok(point)
}

/// `SummaryDataPoint`: count and sum; its quantiles are not kept.
fn summary_point<'a>(bytes: &'a [u8], budget: &Budget<'_>) -> Result<Point<'a>, Malformed> {
    let mut point = Point::default();
    let mut reader = Reader::new(bytes);
    while let Some(field) = reader.next()? {
        match field {
            (2, Field::Fixed64(nanos)) => point.start = nanos,
            (3, Field::Fixed64(nanos)) => point.time = nanos,
            (4, Field::Fixed64(count)) => point.count = count,
            (5, Field::Fixed64(bits)) => point.value = Some(f64::from_bits(bits)),
            (7, Field::Bytes(bytes)) => attribute(bytes, &mut point.attributes, budget)?,
            _ => {}
        }
    }
    point.value = point.value.or(Some(0.0));
    Ok(point)
}
