//! Commands and their exit codes, as agents' shell tools tell them.

use serde_json::Value as Json;

/// `command` or `cmd` of a tool's arguments; a list of words is joined.
#[must_use]
pub fn command_of(arguments: &Json) -> Option<String> {
    match ["command", "cmd", "script"].iter().find_map(|name| arguments.get(name))? {
        Json::String(text) => Some(text.clone()),
        Json::Array(words) => {
            let words: Vec<&str> = words.iter().filter_map(Json::as_str).collect();
            Some(match words.as_slice() {
                [shell, "-c" | "-lc", script] if shell.ends_with("sh") => (*script).to_owned(),
                words => words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "),
            })
        }
        _ => None,
    }
    .filter(|command| !command.trim().is_empty())
}

/// A word as a shell would need it.
fn quoted(word: &str) -> String {
    let plain = !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./=:,+@%".contains(&b));
    if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// What Codex' framed output says of a process: the lines before `Output:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Framed {
    pub exit_code: Option<i64>,
    /// The process goes on; its code comes with a later poll of this session.
    pub running: Option<i64>,
}

/// Reads the frame around a command's output. Lines of the output itself are not looked at.
#[must_use]
pub fn framed(output: &str) -> Framed {
    let mut found = Framed::default();
    for line in output.lines().take(8).take_while(|line| line.trim_end() != "Output:") {
        let number = |prefix: &str| line.strip_prefix(prefix).and_then(|rest| rest.trim().parse::<i64>().ok());
        found.exit_code = found.exit_code.or_else(|| number("Process exited with code ")).or_else(|| number("Exit code: "));
        found.running = found.running.or_else(|| number("Process running with session ID "));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_tells_the_exit_code_and_the_output_does_not() {
        for (output, expected) in [
            ("Chunk ID: a\nWall time: 0.1 seconds\nProcess exited with code 1\nOutput:\nx", Framed { exit_code: Some(1), running: None }),
            ("Chunk ID: a\nProcess running with session ID 89669\nOutput:\n", Framed { exit_code: None, running: Some(89_669) }),
            ("Exit code: 0\nWall time: 0 seconds\nOutput:\nSuccess.", Framed { exit_code: Some(0), running: None }),
            ("Wall time: 0\nOutput:\nProcess exited with code 7", Framed::default()),
            ("", Framed::default()),
        ] {
            assert_eq!(framed(output), expected, "{output}");
        }
    }

    #[test]
    fn commands_as_text_or_as_words() {
        for (arguments, expected) in [
            (r#"{"command":"ls -l"}"#, Some("ls -l")),
            (r#"{"cmd":"ls"}"#, Some("ls")),
            (r#"{"command":["bash","-lc","echo 'hi'"]}"#, Some("echo 'hi'")),
            (r#"{"command":["echo","it's"]}"#, Some(r"echo 'it'\''s'")),
            (r#"{"command":" "}"#, None),
            (r#"{"path":"x"}"#, None),
        ] {
            let arguments = serde_json::from_str(arguments).expect("JSON");
            assert_eq!(command_of(&arguments).as_deref(), expected, "{arguments}");
        }
    }
}
