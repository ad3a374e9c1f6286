//! `prompts`: versioned prompts with labels, and what includes what.

mod change;
mod create_prompt;
mod delete_prompt;
mod dependents;
mod describe;
mod duplicate_prompt;
mod get_prompt;
mod get_prompt_facets;
mod get_prompt_version;
mod heads;
mod list_prompt_dependents;
mod list_prompt_folder;
mod list_prompt_versions;
mod list_prompts;
mod memory;
mod protected;
mod query;
mod read;
mod resolve;
mod set_prompt_labels;
mod set_prompt_tags;
mod set_protected_prompt_labels;
mod state;
mod update_prompt_labels;

use agenttrace_api::prompts as api;
use agenttrace_kit::{Router, serve};

fn main() -> agenttrace_kit::Exit {
    let router = Router::new()
        .on(&api::LIST_PROMPTS_V2, list_prompts::handle)
        .on(&api::CREATE_PROMPT_V2, create_prompt::handle)
        .on(&api::GET_PROMPT_V2, get_prompt::handle)
        .on(&api::DELETE_PROMPT_V2, delete_prompt::handle)
        .on(&api::UPDATE_PROMPT_LABELS, update_prompt_labels::handle)
        .on(&api::SET_PROMPT_LABELS, set_prompt_labels::handle)
        .on(&api::LIST_PROMPT_VERSIONS_V2, list_prompt_versions::handle)
        .on(&api::SET_PROMPT_TAGS, set_prompt_tags::handle)
        .on(&api::DUPLICATE_PROMPT, duplicate_prompt::handle)
        .on(&api::LIST_PROMPT_DEPENDENTS, list_prompt_dependents::handle)
        .on(&api::LIST_PROMPT_FOLDER, list_prompt_folder::handle)
        .on(&api::GET_PROMPT_FACETS, get_prompt_facets::handle)
        .on(&api::SET_PROTECTED_PROMPT_LABELS, set_protected_prompt_labels::handle)
        .on(&api::LIST_PROMPTS, list_prompts::handle)
        .on(&api::CREATE_PROMPT, create_prompt::handle)
        .on(&api::GET_PROMPT, get_prompt::handle)
        .on(&api::LIST_PROMPT_VERSIONS, list_prompt_versions::handle)
        .on(&api::GET_PROMPT_VERSION, get_prompt_version::handle);
    serve(state::State::new, router)
}
