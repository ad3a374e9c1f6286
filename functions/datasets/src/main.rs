//! `datasets`: datasets, their items in all versions, and the runs of applications over them (experiments).
//!
//! Datasets, items and heads of runs lie in DynamoDB, large texts of items in S3, the items of runs in ClickHouse, by way of the stream.

mod create_dataset;
mod create_dataset_item;
mod create_dataset_run_item;
mod delete_dataset_item;
mod delete_dataset_run;
mod get_dataset;
mod get_dataset_item;
mod get_dataset_run;
mod items;
mod list_dataset_items;
mod list_dataset_run_items;
mod list_dataset_runs;
mod list_datasets;
mod list_experiment_items;
mod list_experiments;
mod query;
mod runs;
mod schema;
mod schema_cost;
mod state;
mod texts;

use agenttrace_api::{dataset_items, dataset_runs, datasets, experiments};
use agenttrace_kit::{Router, serve};

fn main() -> agenttrace_kit::Exit {
    let router = Router::new()
        .on(&datasets::LIST_DATASETS_V2, list_datasets::v2)
        .on(&datasets::CREATE_DATASET_V2, create_dataset::v2)
        .on(&datasets::GET_DATASET_V2, get_dataset::v2)
        .on(&datasets::LIST_DATASETS, list_datasets::v1)
        .on(&datasets::CREATE_DATASET, create_dataset::v1)
        .on(&datasets::GET_DATASET, get_dataset::v1)
        .on(&dataset_items::LIST_DATASET_ITEMS, list_dataset_items::handle)
        .on(&dataset_items::CREATE_DATASET_ITEM, create_dataset_item::handle)
        .on(&dataset_items::GET_DATASET_ITEM, get_dataset_item::handle)
        .on(&dataset_items::DELETE_DATASET_ITEM, delete_dataset_item::handle)
        .on(&dataset_runs::CREATE_DATASET_RUN_ITEM, create_dataset_run_item::handle)
        .on(&dataset_runs::LIST_DATASET_RUN_ITEMS, list_dataset_run_items::handle)
        .on(&dataset_runs::LIST_DATASET_RUNS, list_dataset_runs::handle)
        .on(&dataset_runs::GET_DATASET_RUN, get_dataset_run::handle)
        .on(&dataset_runs::DELETE_DATASET_RUN, delete_dataset_run::handle)
        .on(&experiments::LIST_EXPERIMENTS, list_experiments::handle)
        .on(&experiments::LIST_EXPERIMENT_ITEMS, list_experiment_items::handle);
    serve(state::State::new, router)
}
