//! `annotation`: what people say of traces and by which rules: score configs, annotation queues, comments. Scores themselves are on the stream
//! (`ingest`) and in ClickHouse (`traces`).

mod create_annotation_queue;
mod create_annotation_queue_item;
mod create_annotation_queue_items;
mod create_comment;
mod create_score_config;
mod delete_annotation_queue;
mod delete_annotation_queue_item;
mod delete_comment;
mod get_annotation_queue;
mod get_annotation_queue_item;
mod get_annotation_queue_progress;
mod get_comment;
mod get_score_config;
mod list_annotation_queue_items;
mod list_annotation_queues;
mod list_comments;
mod list_comments_v2;
mod list_score_configs;
mod paging;
mod queue_assignments;
mod state;
mod submit_feedback;
mod take_annotation_queue_item;
mod update_annotation_queue;
mod update_annotation_queue_item;
mod update_score_config;

use agenttrace_api::{annotation_queues as queues, comments, feedback, score_configs};
use agenttrace_kit::{Router, serve};

fn main() -> agenttrace_kit::Exit {
    let router = Router::new()
        .on(&score_configs::LIST_SCORE_CONFIGS, list_score_configs::handle)
        .on(&score_configs::CREATE_SCORE_CONFIG, create_score_config::handle)
        .on(&score_configs::GET_SCORE_CONFIG, get_score_config::handle)
        .on(&score_configs::UPDATE_SCORE_CONFIG, update_score_config::handle)
        .on(&queues::LIST_ANNOTATION_QUEUES, list_annotation_queues::handle)
        .on(&queues::CREATE_ANNOTATION_QUEUE, create_annotation_queue::handle)
        .on(&queues::GET_ANNOTATION_QUEUE, get_annotation_queue::handle)
        .on(&queues::UPDATE_ANNOTATION_QUEUE, update_annotation_queue::handle)
        .on(&queues::DELETE_ANNOTATION_QUEUE, delete_annotation_queue::handle)
        .on(&queues::GET_ANNOTATION_QUEUE_PROGRESS, get_annotation_queue_progress::handle)
        .on(&queues::LIST_ANNOTATION_QUEUE_ITEMS, list_annotation_queue_items::handle)
        .on(&queues::CREATE_ANNOTATION_QUEUE_ITEM, create_annotation_queue_item::handle)
        .on(&queues::CREATE_ANNOTATION_QUEUE_ITEMS, create_annotation_queue_items::handle)
        .on(&queues::TAKE_ANNOTATION_QUEUE_ITEM, take_annotation_queue_item::handle)
        .on(&queues::GET_ANNOTATION_QUEUE_ITEM, get_annotation_queue_item::handle)
        .on(&queues::UPDATE_ANNOTATION_QUEUE_ITEM, update_annotation_queue_item::handle)
        .on(&queues::DELETE_ANNOTATION_QUEUE_ITEM, delete_annotation_queue_item::handle)
        .on(&queues::LIST_ANNOTATION_QUEUE_ASSIGNMENTS, queue_assignments::list)
        .on(&queues::CREATE_ANNOTATION_QUEUE_ASSIGNMENT, queue_assignments::create)
        .on(&queues::DELETE_ANNOTATION_QUEUE_ASSIGNMENT, queue_assignments::delete)
        .on(&comments::LIST_COMMENTS, list_comments::handle)
        .on(&comments::CREATE_COMMENT, create_comment::handle)
        .on(&comments::GET_COMMENT, get_comment::handle)
        .on(&comments::DELETE_COMMENT, delete_comment::handle)
        .on(&comments::LIST_COMMENTS_V2, list_comments_v2::handle)
        .on(&feedback::SUBMIT_FEEDBACK, submit_feedback::handle);
    serve(state::State::new, router)
}
