//! One spelling for the many that a model's name has. Shared by the build script, which files every listed name under
//! it, and by the search. Deliberately knows nothing of providers beyond the shapes of their names.

/// The spelling under which names are filed and looked up, from a lower-case name: a version's dot and Vertex' `@`
/// become dashes, dates lose their dashes, and Azure's `gpt-35` is `gpt-3-5`. A fine-tuned model (`ft:base:org:name:id`)
/// keeps `ft:` and its base, which is what has a price.
pub fn canonical(lower: &str) -> String {
    let text = match lower.strip_prefix("ft:") {
        Some(rest) => &lower[..3 + rest.find(':').unwrap_or(rest.len())],
        None => lower.strip_prefix("accounts/fireworks/models/").unwrap_or(lower),
    };
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len() + 1);
    for (at, letter) in text.char_indices() {
        let dash = match letter {
            '@' => true,
            '.' => at > 0 && bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit),
            // Between the parts of a date.
            '-' if at >= 5 && in_date(bytes, at) => continue,
            _ => false,
        };
        out.push(if dash { '-' } else { letter });
    }
    if let Some(at) = out.find("gpt-35-") {
        out.insert(at + "gpt-3".len(), '-');
    }
    out
}

/// Whether the dash at `at` is one of the two inside `-20yy-mm-dd`, and no digit follows the date.
fn in_date(bytes: &[u8], at: usize) -> bool {
    [5, 8].into_iter().any(|offset| {
        at.checked_sub(offset).is_some_and(|start| {
            let Some(date) = bytes.get(start..start + 11) else { return false };
            date.starts_with(b"-20")
                && date.iter().enumerate().all(|(i, byte)| match i {
                    0 | 5 | 8 => *byte == b'-',
                    _ => byte.is_ascii_digit(),
                })
                && !bytes.get(start + 11).is_some_and(u8::is_ascii_digit)
        })
    })
}

/// A canonical name without its last mark of a snapshot: a date, `-latest`, Vertex' `@default`, Bedrock's `-v1:0` (if
/// `bedrock`), Gemini's `-001` or `-05-06`. What is left names the family, whose price a snapshot has unless it is
/// listed itself.
pub fn peel_snapshot(name: &str, bedrock: bool) -> Option<&str> {
    for mark in ["-latest", "-default"] {
        if let Some(rest) = name.strip_suffix(mark) {
            return some(rest);
        }
    }
    if let Some(rest) = strip_digits(name, 8).and_then(|rest| rest.strip_suffix('-'))
        && name[rest.len() + 1..].starts_with("20")
    {
        return some(rest);
    }
    if bedrock {
        if let Some((rest, tail)) = name.rsplit_once(':')
            && tail.trim_end_matches('k').bytes().all(|byte| byte.is_ascii_digit())
        {
            return some(rest);
        }
        let digits = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
        if digits.len() < name.len()
            && let Some(rest) = digits.strip_suffix("-v")
            && rest.bytes().any(|byte| byte.is_ascii_digit())
        {
            return some(rest);
        }
    }
    if tail(name).starts_with("gemini-") {
        for lengths in [[3, 0], [2, 2], [2, 4]] {
            let mut rest = Some(name);
            for length in lengths.into_iter().rev().filter(|length| *length > 0) {
                rest = rest.and_then(|rest| strip_digits(rest, length)).and_then(|rest| rest.strip_suffix('-'));
            }
            if let Some(rest) = rest.filter(|rest| rest.bytes().any(|byte| byte.is_ascii_digit())) {
                return Some(rest);
            }
        }
    }
    None
}

/// A canonical name without its last mark of a setting that does not change the price: Claude Code's `[1m]`, an effort
/// (`-high`, `(high)`) of a model that reasons, `-thinking` of a Claude, OpenRouter's `:beta` and `:thinking`.
pub fn peel_setting(name: &str) -> Option<&str> {
    if let Some((rest, inside)) = name.strip_suffix(']').and_then(|text| text.rsplit_once('[')) {
        let size = inside.strip_suffix(['k', 'm'])?;
        return if size.bytes().all(|byte| byte.is_ascii_digit()) { some(rest) } else { None };
    }
    let tail = tail(name);
    let claude = tail.starts_with("claude-");
    if claude {
        for mark in [":beta", ":thinking", "-thinking"] {
            if let Some(rest) = name.strip_suffix(mark) {
                return some(rest);
            }
        }
    }
    if let Some((rest, effort)) = name.strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
        return if is_effort(effort) { some(rest.trim_end()) } else { None };
    }
    let reasons = claude
        || ["gpt-5", "gpt-6", "gpt-7", "gpt-oss", "codex-", "o1", "o3", "o4", "gemini-", "grok-"]
            .iter()
            .any(|family| tail.starts_with(family));
    let (rest, effort) = name.rsplit_once('-')?;
    if reasons && is_effort(effort) { some(rest) } else { None }
}

fn is_effort(text: &str) -> bool {
    matches!(text, "minimal" | "low" | "medium" | "high" | "xhigh")
}

/// Claude's family and version the other way round (`claude-4-5-sonnet` and `claude-sonnet-4-5` are one model).
pub fn swap_claude(name: &str) -> Option<String> {
    let start = name.len() - tail(name).len();
    let (before, rest) = (&name[..start], tail(name).strip_prefix("claude-")?);
    let parts: Vec<&str> = rest.split('-').collect();
    let version = |part: &&&str| part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    let family = |part: &str| matches!(part, "opus" | "sonnet" | "haiku" | "fable" | "mythos");
    let (mut out, count) = if family(parts[0]) {
        let count = parts[1..].iter().take_while(version).count();
        (parts[1..=count].to_vec(), count)
    } else {
        let count = parts.iter().take_while(version).count();
        if !parts.get(count).is_some_and(|part| family(part)) {
            return None;
        }
        (vec![parts[count]], count)
    };
    if count == 0 {
        return None;
    }
    if family(parts[0]) {
        out.push(parts[0])
    } else {
        out.extend(&parts[..count])
    }
    out.extend(&parts[count + 1..]);
    Some(format!("{before}claude-{}", out.join("-")))
}

/// A name without the vendors and folders in front of it.
fn tail(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

fn strip_digits(text: &str, count: usize) -> Option<&str> {
    let at = text.len().checked_sub(count)?;
    text.as_bytes()[at..].iter().all(u8::is_ascii_digit).then(|| &text[..at])
}

fn some(rest: &str) -> Option<&str> {
    (!rest.is_empty()).then_some(rest)
}

/// FNV-1a, which is enough for a fixed table of names and short to compute in the build script and here.
pub fn hash(provider: u8, name: &str) -> u32 {
    let fold = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    name.bytes().fold(fold(0x811c_9dc5, provider), fold)
}
