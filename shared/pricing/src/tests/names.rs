//! Which price list a name is found under. Each row: the name as it is reported, the hint of who served it, and the id
//! of the expected list, empty for "no price".

use crate::{PriceBook, iter_managed};

const SONNET_BEDROCK: &str = "bedrock:us.anthropic.claude-sonnet-4-5-20250929-v1:0";

fn check(cases: &[(&str, &str, &str)]) {
    let mut wrong = Vec::new();
    for (name, hint, expected) in cases {
        let found = PriceBook::managed().find(name, Some(*hint).filter(|hint| !hint.is_empty()));
        let found = found.map(crate::ModelPrice::id).unwrap_or_default();
        if found != *expected {
            wrong.push(format!("{name:?} ({hint:?}): found {found:?}, expected {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn plain_and_dated_names_are_the_makers() {
    check(&[
        ("claude-sonnet-4-5", "", "anthropic:claude-sonnet-4-5"),
        ("claude-sonnet-4-5-20250929", "", "anthropic:claude-sonnet-4-5-20250929"),
        ("claude-sonnet-4-5-20250929", "anthropic", "anthropic:claude-sonnet-4-5-20250929"),
        ("claude-haiku-4-5-20251001", "", "anthropic:claude-haiku-4-5-20251001"),
        ("claude-opus-4-5-20251101", "", "anthropic:claude-opus-4-5-20251101"),
        ("claude-opus-4-1-20250805", "", "anthropic:claude-opus-4-1"),
        ("claude-opus-4-20250514", "", "anthropic:claude-opus-4-0"),
        ("claude-sonnet-4-20250514", "", "anthropic:claude-sonnet-4-0"),
        ("claude-3-7-sonnet-20250219", "", "anthropic:claude-3-7-sonnet-latest"),
        ("claude-3-5-sonnet-20241022", "", "anthropic:claude-3-5-sonnet"),
        ("claude-3-5-sonnet-20240620", "", "anthropic:claude-3-5-sonnet"),
        ("claude-3-5-haiku-20241022", "", "anthropic:claude-3-5-haiku-latest"),
        ("claude-3-opus-20240229", "", "anthropic:claude-3-opus-latest"),
        ("claude-3-haiku-20240307", "", "anthropic:claude-3-haiku"),
        ("gpt-4o", "", "openai:gpt-4o"),
        ("gpt-4o-2024-08-06", "", "openai:gpt-4o-2024-08-06"),
        ("gpt-4o-2024-11-20", "", "openai:gpt-4o-2024-11-20"),
        // Dearer than its family, so it must not be found under the family.
        ("gpt-4o-2024-05-13", "", "openai:gpt-4o-2024-05-13"),
        ("gpt-4o-mini", "", "openai:gpt-4o-mini"),
        ("gpt-4o-mini-2024-07-18", "", "openai:gpt-4o-mini-2024-07-18"),
        ("gpt-4.1", "", "openai:gpt-4.1"),
        ("gpt-4.1-mini-2025-04-14", "", "openai:gpt-4.1-mini-2025-04-14"),
        ("gpt-4", "", "openai:gpt-4"),
        ("gpt-4-0613", "", "openai:gpt-4-0613"),
        ("gpt-4-turbo", "", "openai:gpt-4-turbo"),
        ("gpt-3.5-turbo", "", "openai:gpt-3.5-turbo"),
        ("gpt-3.5-turbo-0125", "", "openai:gpt-3.5-turbo-0125"),
        ("gpt-5", "", "openai:gpt-5"),
        ("gpt-5-2025-08-07", "", "openai:gpt-5-2025-08-07"),
        // The compact date that routers report.
        ("gpt-5-20250807", "", "openai:gpt-5-2025-08-07"),
        ("gpt-5-mini-2025-08-07", "", "openai:gpt-5-mini-2025-08-07"),
        ("gpt-5-codex", "", "openai:gpt-5-codex"),
        ("gpt-5.1-codex-max", "", "openai:gpt-5.1-codex-max"),
        ("o1", "", "openai:o1"),
        ("o3", "", "openai:o3"),
        ("o4-mini-2025-04-16", "", "openai:o4-mini-2025-04-16"),
        ("text-embedding-3-small", "", "openai:text-embedding-3-small"),
        ("text-embedding-ada-002", "", "openai:text-embedding-ada-002"),
        ("whisper-1", "", "openai:whisper-1"),
        ("gemini-2.5-pro", "", "google:gemini-2.5-pro"),
        ("gemini-2.5-flash", "", "google:gemini-2.5-flash"),
        ("gemini-2.0-flash-001", "", "google:gemini-2.0-flash"),
        ("grok-4", "", "xai:grok-4-0709"),
        ("grok-code-fast-1", "", "xai:grok-code-fast-1"),
        ("deepseek-chat", "", "deepseek:deepseek-chat"),
        ("kimi-k2-0905-preview", "", "moonshot:kimi-k2-0905-preview"),
        ("glm-4.6", "", "zai:glm-4.6"),
        ("qwen3-coder-plus", "", "dashscope:qwen3-coder-plus"),
        ("sonar-pro", "", "perplexity:sonar-pro"),
        ("command-r-plus", "", "cohere:command-r-plus"),
        ("composer-2.5", "", "cursor:composer-2.5"),
        ("codestral-latest", "", "mistral:codestral-latest"),
        // A snapshot that no list names has the price of its family.
        ("gpt-4o-2031-01-02", "", "openai:gpt-4o"),
        ("claude-sonnet-4-6-20310102", "", "anthropic:claude-sonnet-4-6"),
    ]);
}

#[test]
fn latest_and_other_spellings_of_one_model_are_found() {
    check(&[
        ("claude-3-5-sonnet-latest", "", "anthropic:claude-3-5-sonnet"),
        ("claude-3-7-sonnet-latest", "", "anthropic:claude-3-7-sonnet-latest"),
        ("claude-3-7-sonnet", "", "anthropic:claude-3-7-sonnet-latest"),
        ("claude-opus-4-5-latest", "", "anthropic:claude-opus-4-5"),
        ("mistral-large-latest", "", "mistral:mistral-large-latest"),
        ("chatgpt-4o-latest", "", "openai:chatgpt-4o-latest"),
        ("codex-mini-latest", "", "openai:codex-mini"),
        ("claude-sonnet-4.5", "", "anthropic:claude-sonnet-4-5"),
        ("claude-4.5-sonnet", "", "anthropic:claude-sonnet-4-5"),
        ("claude-4-5-sonnet-20250929", "", "anthropic:claude-sonnet-4-5-20250929"),
        ("claude-4.5-haiku", "", "anthropic:claude-haiku-4-5"),
        ("claude-4.6-opus", "", "anthropic:claude-opus-4-6"),
        ("claude-3.5-sonnet", "", "anthropic:claude-3-5-sonnet"),
        ("claude-sonnet-3-5", "", "anthropic:claude-3-5-sonnet"),
        ("CLAUDE-SONNET-4-5", "", "anthropic:claude-sonnet-4-5"),
        ("Claude-Sonnet-4-5-20250929", "Anthropic", "anthropic:claude-sonnet-4-5-20250929"),
        ("GPT-4o", "OpenAI", "openai:gpt-4o"),
        ("GPT-5", "", "openai:gpt-5"),
        ("Gemini-2.5-Pro", "", "google:gemini-2.5-pro"),
        (" gpt-4o\n", "", "openai:gpt-4o"),
        ("gpt-35-turbo", "openai", "openai:gpt-3.5-turbo"),
    ]);
}

#[test]
fn settings_in_a_name_do_not_change_the_model() {
    check(&[
        ("claude-sonnet-4-5[1m]", "", "anthropic:claude-sonnet-4-5"),
        ("claude-sonnet-4-5-20250929[1m]", "anthropic", "anthropic:claude-sonnet-4-5-20250929"),
        ("claude-opus-4-6[1M]", "", "anthropic:claude-opus-4-6"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0[1m]", "", SONNET_BEDROCK),
        ("claude-sonnet-4-5-thinking", "", "anthropic:claude-sonnet-4-5"),
        ("claude-opus-4-5-20251101-thinking", "", "anthropic:claude-opus-4-5-20251101"),
        ("claude-opus-4-5-high", "", "anthropic:claude-opus-4-5"),
        ("gpt-5-high", "", "openai:gpt-5"),
        ("gpt-5-minimal", "", "openai:gpt-5"),
        ("gpt-5-mini-medium", "", "openai:gpt-5-mini"),
        ("gpt-5-codex-low", "", "openai:gpt-5-codex"),
        ("gpt-5.1-codex-max-xhigh", "", "openai:gpt-5.1-codex-max"),
        ("gpt-5(high)", "", "openai:gpt-5"),
        ("gpt-5-2025-08-07-high", "", "openai:gpt-5-2025-08-07"),
        ("o3-mini-high", "", "openai:o3-mini"),
        ("o4-mini-low", "", "openai:o4-mini"),
        ("gemini-2.5-pro-high", "", "google:gemini-2.5-pro"),
        // Models of their own, whatever the end of their names looks like.
        ("mistral-medium", "", "mistral:mistral-medium"),
        ("kimi-k2-thinking", "", "moonshot:kimi-k2-thinking"),
        ("gpt-5-pro", "", "openai:gpt-5-pro"),
    ]);
}

#[test]
fn the_host_before_a_name_decides_the_list() {
    check(&[
        ("openai/gpt-4o", "", "openai:gpt-4o"),
        ("anthropic/claude-sonnet-4-5", "", "anthropic:claude-sonnet-4-5"),
        ("anthropic/claude-sonnet-4.5", "", "anthropic:claude-sonnet-4-5"),
        ("gemini/gemini-2.5-pro", "", "google:gemini-2.5-pro"),
        ("google/gemini-2.5-pro", "", "google:gemini-2.5-pro"),
        ("models/gemini-2.5-flash", "", "google:gemini-2.5-flash"),
        ("xai/grok-4", "", "xai:grok-4-0709"),
        ("x-ai/grok-4", "", "xai:grok-4-0709"),
        ("z-ai/glm-4.6", "", "zai:glm-4.6"),
        ("moonshotai/kimi-k2", "", "moonshot:kimi-k2"),
        ("deepseek/deepseek-chat", "", "deepseek:deepseek-chat"),
        ("mistral/codestral-latest", "", "mistral:codestral-latest"),
        ("openrouter/anthropic/claude-sonnet-4.5", "", "openrouter:anthropic:claude-sonnet-4.5"),
        ("openrouter/anthropic/claude-sonnet-4.5:beta", "", "openrouter:anthropic:claude-sonnet-4.5"),
        ("openrouter/openai/gpt-4o", "", "openrouter:openai:gpt-4o"),
        ("anthropic/claude-sonnet-4.5", "openrouter", "openrouter:anthropic:claude-sonnet-4.5"),
        ("openai/gpt-5", "openrouter", "openrouter:openai:gpt-5"),
        // Written in lower case with a vendor no other list is named after, it is an id of OpenRouter.
        ("meta-llama/llama-3.3-70b-instruct", "", "openrouter:meta-llama:llama-3.3-70b-instruct"),
        ("qwen/qwen3-coder", "", "openrouter:qwen:qwen3-coder"),
        ("vercel_ai_gateway/anthropic/claude-sonnet-4", "", "vercel:anthropic:claude-sonnet-4"),
        ("litellm_proxy/gpt-4o", "", "openai:gpt-4o"),
        ("groq/llama-3.3-70b-versatile", "", "groq:llama-3.3-70b-versatile"),
        ("llama-3.3-70b-versatile", "groq", "groq:llama-3.3-70b-versatile"),
        ("groq/openai/gpt-oss-120b", "", "groq:openai:gpt-oss-120b"),
        ("openai/gpt-oss-120b", "groq", "groq:openai:gpt-oss-120b"),
        ("together_ai/meta-llama/Llama-3.3-70B-Instruct-Turbo", "", "together:meta-llama:Llama-3.3-70B-Instruct-Turbo"),
        ("meta-llama/Llama-3.3-70B-Instruct-Turbo", "together", "together:meta-llama:Llama-3.3-70B-Instruct-Turbo"),
        ("github_copilot/claude-haiku-4.5", "", "github_copilot:claude-haiku-4.5"),
        ("claude-haiku-4.5", "github-copilot", "github_copilot:claude-haiku-4.5"),
        ("perplexity/sonar-pro", "", "perplexity:sonar-pro"),
    ]);
}

#[test]
fn hints_are_understood_in_the_words_of_the_instrumentations() {
    check(&[
        ("gpt-4o", "openai.responses", "openai:gpt-4o"),
        ("claude-sonnet-4-5", "anthropic.messages", "anthropic:claude-sonnet-4-5"),
        ("gemini-2.5-pro", "google.generative-ai", "google:gemini-2.5-pro"),
        ("gemini-2.5-pro", "gcp.gemini", "google:gemini-2.5-pro"),
        ("gemini-2.5-pro", "google.vertex.chat", "vertex:gemini-2.5-pro"),
        ("gemini-2.5-pro", "gcp.vertex_ai", "vertex:gemini-2.5-pro"),
        ("gemini-2.5-pro", "vertex_ai", "vertex:gemini-2.5-pro"),
        ("gpt-4o", "azure.ai.openai", "azure:gpt-4o"),
        ("gpt-4o", "azure-openai.chat", "azure:gpt-4o"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws.bedrock", SONNET_BEDROCK),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "amazon-bedrock", SONNET_BEDROCK),
        ("claude-sonnet-4-5", "bedrock", "bedrock:claude-sonnet-4-5-20250929-v1:0"),
        // The word for a protocol says little: other makers' models are called through it.
        ("claude-sonnet-4-5", "openai", "anthropic:claude-sonnet-4-5"),
        ("kimi-k2-thinking", "anthropic", "moonshot:kimi-k2-thinking"),
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic", SONNET_BEDROCK),
        // An unknown word says nothing.
        ("gpt-4o", "my company's proxy", "openai:gpt-4o"),
        // A machine of one's own has no price list, whatever runs there is called.
        ("deepseek-chat", "ollama", ""),
        ("gpt-4o", "lm-studio", ""),
        ("ollama/llama3.1", "", ""),
        ("hosted_vllm/deepseek-chat", "", ""),
    ]);
}

#[test]
fn bedrock_names_are_found_with_their_region() {
    check(&[
        ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "", SONNET_BEDROCK),
        ("global.anthropic.claude-sonnet-4-5-20250929-v1:0", "", "bedrock:global.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "", "bedrock:eu.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("jp.anthropic.claude-sonnet-4-5-20250929-v1:0", "", "bedrock:jp.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0", "", "bedrock:us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0"),
        // No list for this geography: the others' price, with the surcharge for regions.
        ("ca.anthropic.claude-sonnet-4-5-20250929-v1:0", "", SONNET_BEDROCK),
        ("anthropic.claude-sonnet-4-5-20250929-v1:0", "", "bedrock:anthropic.claude-sonnet-4-5-20250929-v1:0"),
        ("us.anthropic.claude-sonnet-4-5-20250929", "", SONNET_BEDROCK),
        ("us.anthropic.claude-sonnet-4-5", "", SONNET_BEDROCK),
        ("bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0", "", SONNET_BEDROCK),
        ("bedrock/converse/us.anthropic.claude-sonnet-4-5-20250929-v1:0", "", SONNET_BEDROCK),
        ("arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0", "", SONNET_BEDROCK),
        (
            "bedrock/arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            "",
            SONNET_BEDROCK,
        ),
        ("arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0", "", "bedrock:amazon.nova-pro-v1:0"),
        ("arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0", "", "anthropic:claude-3-haiku"),
        ("bedrock/us-east-1/anthropic.claude-3-haiku-20240307-v1:0", "", "anthropic:claude-3-haiku"),
        ("amazon.nova-pro-v1:0", "", "bedrock:amazon.nova-pro-v1:0"),
        ("eu.amazon.nova-pro-v1:0", "", "bedrock:eu.amazon.nova-pro-v1:0"),
        ("nova-pro-v1", "bedrock", "bedrock:amazon.nova-pro-v1:0"),
        ("bedrock/sa-east-1/meta.llama3-70b-instruct-v1:0", "", "bedrock:sa-east-1:meta.llama3-70b-instruct-v1:0"),
        // Names that an account gave itself.
        ("arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6", "", ""),
        ("arn:aws:bedrock:us-east-1:123456789012:provisioned-model/a1b2c3d4e5f6", "", ""),
        ("arn:aws:sagemaker:us-east-1:123456789012:endpoint/gpt-4o", "", ""),
        ("arn:aws:bedrock", "", ""),
        ("anthropic.claude-sonnet-99-v1:0", "", ""),
    ]);
}

#[test]
fn vertex_and_azure_names_are_found() {
    check(&[
        ("claude-sonnet-4-5@20250929", "", "vertex:claude-sonnet-4-5@20250929"),
        ("vertex_ai/claude-sonnet-4-5@20250929", "", "vertex:claude-sonnet-4-5@20250929"),
        ("claude-sonnet-4-5@20250929[1m]", "", "vertex:claude-sonnet-4-5@20250929"),
        ("claude-opus-4-6@default", "", "vertex:claude-opus-4-6@default"),
        ("claude-sonnet-4-5", "vertex_ai", "vertex:claude-sonnet-4-5"),
        ("vertex_ai/gemini-2.5-pro", "", "vertex:gemini-2.5-pro"),
        ("publishers/google/models/gemini-2.5-pro", "", "vertex:gemini-2.5-pro"),
        ("projects/p-1/locations/us-central1/publishers/google/models/gemini-2.5-flash", "", "vertex:gemini-2.5-flash"),
        ("publishers/anthropic/models/claude-sonnet-4-5@20250929", "", "vertex:claude-sonnet-4-5@20250929"),
        ("projects/p-1/locations/us-central1/endpoints/1234567890", "", ""),
        ("azure/gpt-4o", "", "azure:gpt-4o"),
        ("azure/gpt-4o-2024-08-06", "", "azure:gpt-4o-2024-08-06"),
        ("gpt-4o-2024-08-06", "azure", "azure:gpt-4o-2024-08-06"),
        ("azure/eu/gpt-5", "", "azure:eu:gpt-5"),
        ("azure/us/gpt-4o-mini", "", "azure:us:gpt-4o-mini"),
        ("azure/global/gpt-4o-2024-11-20", "", "azure:global:gpt-4o-2024-11-20"),
        ("azure/global/gpt-5-mini", "", "azure:gpt-5-mini"),
        ("gpt-35-turbo", "", "azure:gpt-35-turbo"),
        ("azure/gpt-35-turbo", "", "azure:gpt-35-turbo"),
        ("azure/gpt-3.5-turbo", "", "azure:gpt-3.5-turbo"),
        ("gpt-5-high", "azure", "azure:gpt-5"),
        ("azure_ai/claude-opus-4-5", "", "azure_ai:claude-opus-4-5"),
        ("claude-opus-4-5", "azure", "azure_ai:claude-opus-4-5"),
        ("azure/my-deployment", "", ""),
        ("my-gpt4o-prod", "azure", ""),
    ]);
}

#[test]
fn fine_tuned_models_have_their_own_price_or_none() {
    check(&[
        ("ft:gpt-4o-2024-08-06:acme::abc123", "", "openai:ft:gpt-4o-2024-08-06"),
        ("ft:gpt-4o-2024-08-06", "", "openai:ft:gpt-4o-2024-08-06"),
        ("ft:gpt-4o-mini-2024-07-18:acme:support:abc123", "", "openai:ft:gpt-4o-mini-2024-07-18"),
        ("openai/ft:gpt-4o-2024-08-06:acme::abc123", "", "openai:ft:gpt-4o-2024-08-06"),
        ("ft:gpt-9-2031-01-01:acme::abc123", "", ""),
        ("ft:gpt-5:acme::abc123", "", ""),
        ("ft:", "", ""),
        ("gpt-4o-foo-custom-finetune", "", ""),
        ("gpt-4o-2024-08-06.ft-0a1b2c3d", "azure", ""),
        ("gpt-4o-2024-08-06.ft-0a1b2c3d", "", ""),
        ("tunedModels/my-gemini-2.5-flash-abc", "", ""),
    ]);
}

#[test]
fn what_no_list_names_has_no_price() {
    check(&[
        ("", "", ""),
        ("   ", "", ""),
        ("unknown", "", ""),
        ("gpt", "", ""),
        ("gpt-", "", ""),
        ("gpt-4ox", "", ""),
        ("gpt-4o-", "", ""),
        ("my-gpt-4o", "", ""),
        ("gpt-4o gpt-4o", "", ""),
        ("gpt-4o-high", "", ""),
        ("gpt-4o[big]", "", ""),
        ("gpt-4o:latest", "", ""),
        ("gpt-99", "", ""),
        ("openai/gpt-99", "", ""),
        ("claude", "", ""),
        ("claude-sonnet", "", ""),
        ("sonnet", "", ""),
        ("claude-sonnet-4-5-custom", "", ""),
        ("claude-sonnet-4-5-v2", "", ""),
        ("claude-sonnet-99", "", ""),
        // Faster and dearer than the model whose name it bears.
        ("claude-opus-4-6-fast", "", ""),
        ("gemini-2.5-pro-mytune", "", ""),
        ("text-embedding-3-small-custom", "", ""),
        ("mistral-high", "", ""),
        ("llama", "", ""),
        ("llama3.1:8b", "", ""),
        ("someone/gpt-4o", "", ""),
        ("someone/claude-sonnet-4-5", "", ""),
        // Whoever has prices of their own does not have the maker's.
        ("groq/gpt-4o", "", ""),
        ("together_ai/claude-sonnet-4-5", "", ""),
        ("gpt-4o", "groq", ""),
        // Hosts ask different prices for it, and the name does not say which host.
        ("meta-llama/Llama-3.3-70B-Instruct", "", ""),
        ("openrouter/anthropic/claude-sonnet-4.5:nitro", "", ""),
        ("gpt-4o/", "", ""),
        ("/gpt-4o", "", ""),
        ("//", "", ""),
        ("arn:", "", ""),
        ("publishers/", "", ""),
        ("[1m]", "", ""),
        ("-latest", "", ""),
        ("-20250929", "", ""),
        ("gpt-4о", "", ""), // a Cyrillic letter at the end
        ("模型-4", "", ""),
        ("🦀@20250929", "", ""),
        ("\u{0}", "", ""),
    ]);
}

#[test]
fn hostile_names_end_quickly_and_without_a_price() {
    let long = "claude-".repeat(100_000);
    let deep = "openrouter/".repeat(27);
    let dates = "-20250929".repeat(33);
    let brackets = "[1m]".repeat(75);
    for name in [long, deep, dates, brackets] {
        assert!(PriceBook::managed().find(&name, None).is_none());
        assert!(PriceBook::managed().find("gpt-4o", Some(&name)).is_some(), "an unknown hint says nothing");
    }
}

#[test]
fn every_listed_name_is_found_at_its_provider() {
    for model in iter_managed() {
        let found = PriceBook::managed().find(model.name(), Some(model.provider()));
        let found = found.unwrap_or_else(|| panic!("{} is not found", model.id()));

        assert_eq!(found.provider(), model.provider(), "{}", model.id());
        // The way it is called (`invoke/`) is no part of a name, so that two lists of one model may meet.
        let same = found.name().eq_ignore_ascii_case(model.name()) || found.standard().prices().eq(model.standard().prices());
        assert!(same, "{} is found as {}", model.id(), found.id());
    }
}
