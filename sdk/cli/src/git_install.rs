//! `agenttrace git install`: puts hooks into a repository, or for all of a user's, that link commits to the tool call that made them.
//!
//! Hooks that are there go on: ours calls them, with the same arguments, input and exit code. Folders that another program manages (husky, lefthook,
//! pre-commit) are not touched; what to add to their settings is told instead. `--undo` takes away what is ours and nothing else.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use crate::dirs;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// The repository; the current folder's by default.
    #[arg(long, value_name = "PATH", conflicts_with = "global")]
    repo: Option<PathBuf>,
    /// For all repositories of this user, by `core.hooksPath`.
    #[arg(long)]
    global: bool,
    /// Take the hooks away again.
    #[arg(long)]
    undo: bool,
    /// Also name the trace in a trailer of the commit's message.
    #[arg(long)]
    trailer: bool,
}

const BEGIN: &str = "# >>> agenttrace";
const END: &str = "# <<< agenttrace";
/// What a hook that was there is called when ours stands in its place.
const BEFORE: &str = ".before-agenttrace";
/// Words by which the hooks of programs that manage hooks are known.
const MANAGERS: &[&str] = &["lefthook", "husky", "pre-commit.com", "overcommit", "simple-git-hooks"];

/// All that run on a user's machine: a folder that stands for the repositories' own has to pass them all on.
const ALL: &[&str] = &[
    "applypatch-msg",
    "pre-applypatch",
    "post-applypatch",
    "pre-commit",
    "pre-merge-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "pre-rebase",
    "post-checkout",
    "post-merge",
    "pre-push",
    "pre-auto-gc",
    "post-rewrite",
    "sendemail-validate",
    "reference-transaction",
    "push-to-checkout",
    "pre-receive",
    "update",
    "proc-receive",
    "post-receive",
    "post-update",
    "post-index-change",
];

/// What became of a hook.
struct Did {
    hook: &'static str,
    file: PathBuf,
    what: &'static str,
    /// What the user can do.
    advice: Option<String>,
}

pub fn run(args: &Args, as_json: bool) -> Result<ExitCode> {
    let did = if args.global { global(args)? } else { repository(args)? };
    let failed = did.iter().any(|did| did.advice.is_some());
    if as_json {
        let rows: Vec<Value> =
            did.iter().map(|did| json!({"hook": did.hook, "file": did.file, "did": did.what, "advice": did.advice})).collect();
        println!("{}", json!({"hooks": rows}));
    } else {
        for did in &did {
            println!("{:<20} {}: {}", did.hook, did.what, did.file.display());
            if let Some(advice) = &did.advice {
                println!("{:<20} {advice}", "");
            }
        }
        if did.is_empty() {
            println!("nothing to do");
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn wanted(args: &Args) -> Vec<&'static str> {
    let trailer = args.trailer || args.undo;
    [Some("post-commit"), Some("post-rewrite"), trailer.then_some("prepare-commit-msg")].into_iter().flatten().collect()
}

fn git(folder: &Path, args: &[&str]) -> Result<String> {
    let out = Command::new("git").current_dir(folder).args(args).stdin(Stdio::null()).output().context("cannot run git")?;
    if !out.status.success() {
        bail!("git {}: {}", args.join(" "), String::from_utf8_lossy(&out.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

/// Where a repository's hooks lie; the folder, and whether it is one that belongs to more than this repository or is under its version control.
fn hooks_folder(root: &Path) -> Result<(PathBuf, Option<&'static str>)> {
    let folder = root.join(git(root, &["rev-parse", "--git-path", "hooks"])?);
    let folder = crate::gitdir::plain(&folder);
    let common = crate::gitdir::plain(&root.join(git(root, &["rev-parse", "--git-common-dir"])?));
    let top = git(root, &["rev-parse", "--show-toplevel"]).map(PathBuf::from).unwrap_or_default();
    let foreign = if folder.starts_with(&common) {
        None
    } else if folder.ends_with(".husky/_") || folder.ends_with(".husky") {
        Some("husky")
    } else if !top.as_os_str().is_empty() && folder.starts_with(&top) {
        Some("the repository's own files")
    } else {
        Some("core.hooksPath")
    };
    Ok((folder, foreign))
}

fn repository(args: &Args) -> Result<Vec<Did>> {
    let folder = match &args.repo {
        Some(path) => path.clone(),
        None => std::env::current_dir().context("there is no current folder")?,
    };
    let folder = folder.canonicalize().with_context(|| format!("cannot open {}", folder.display()))?;
    let (hooks, foreign) = hooks_folder(&folder)?;
    if args.undo {
        return wanted(args).into_iter().filter_map(|hook| take_away(&hooks, hook).transpose()).collect();
    }
    if let Some(what) = foreign.filter(|_| !hooks.join("post-commit").exists() || !is_ours(&hooks.join("post-commit"))) {
        let advice = |hook: &str| match what {
            "husky" => format!("husky manages this folder. Add to .husky/{hook}: {}", call(hook)),
            "core.hooksPath" => "core.hooksPath leads all repositories here: use `agenttrace git install --global`".to_owned(),
            _ => format!("this folder is part of the repository. Add to its {hook}: {}", call(hook)),
        };
        return Ok(wanted(args)
            .into_iter()
            .map(|hook| Did { hook, file: hooks.join(hook), what: "left alone", advice: Some(advice(hook)) })
            .collect());
    }
    std::fs::create_dir_all(&hooks).with_context(|| format!("cannot make {}", hooks.display()))?;
    wanted(args).into_iter().map(|hook| install(&hooks, hook, None)).collect()
}

/// A folder of ours, to which `core.hooksPath` of the user leads and which passes every hook on to the repository's own; or the folder to
/// which it leads already.
fn global(args: &Args) -> Result<Vec<Did>> {
    let home = std::env::current_dir().unwrap_or_else(|_| "/".into());
    let set = git(&home, &["config", "--global", "--type=path", "core.hooksPath"]).ok().filter(|path| !path.is_empty()).map(PathBuf::from);
    let ours = dirs::config_file()?.parent().context("no folder for settings")?.join("git-hooks");
    if args.undo {
        return match set {
            Some(folder) if folder == ours => {
                git(&home, &["config", "--global", "--unset", "core.hooksPath"])?;
                std::fs::remove_dir_all(&ours).with_context(|| format!("cannot delete {}", ours.display()))?;
                Ok(vec![Did { hook: "core.hooksPath", file: ours, what: "taken away", advice: None }])
            }
            Some(folder) => wanted(args).into_iter().filter_map(|hook| take_away(&folder, hook).transpose()).collect(),
            None => Ok(Vec::new()),
        };
    }
    match set {
        Some(folder) if folder != ours => {
            std::fs::create_dir_all(&folder)?;
            wanted(args).into_iter().map(|hook| install(&folder, hook, None)).collect()
        }
        set => {
            dirs::make_private(&ours)?;
            let hooks = wanted(args);
            let mut did = Vec::new();
            for hook in ALL {
                let one = install(&ours, hook, Some(hooks.contains(hook)))?;
                if hooks.contains(hook) {
                    did.push(one);
                }
            }
            if set.is_none() {
                git(&home, &["config", "--global", "core.hooksPath", &ours.to_string_lossy()])?;
                did.push(Did { hook: "core.hooksPath", file: ours, what: "set", advice: None });
            }
            Ok(did)
        }
    }
}

fn is_ours(file: &Path) -> bool {
    std::fs::read_to_string(file).is_ok_and(|text| text.contains(BEGIN))
}

/// Is there one of ours in the folder around? For `status`.
#[must_use]
pub fn is_installed(root: &Path) -> bool {
    hooks_folder(root).is_ok_and(|(folder, _)| is_ours(&folder.join("post-commit")))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The line that calls us, for a folder that somebody else manages.
fn call(hook: &str) -> String {
    format!("agenttrace __git-hook {hook} \"$@\"")
}

/// The text of a hook. `passes` is given in a folder that stands for the repositories' own: whether we are called there, too.
fn script(hook: &str, passes: Option<bool>) -> Result<String> {
    let own = std::env::current_exe().context("the program does not know where it lies")?;
    let own = quoted(&own.to_string_lossy());
    let reads_input =
        matches!(hook, "post-rewrite" | "pre-push" | "reference-transaction" | "pre-receive" | "post-receive" | "proc-receive");
    let next = match passes {
        None => format!("agenttrace_next=$0{BEFORE}\n"),
        Some(_) => format!(
            "agenttrace_dir=${{GIT_DIR:-.git}}\n\
             if [ -f \"$agenttrace_dir/commondir\" ]; then\n  \
               read -r agenttrace_common <\"$agenttrace_dir/commondir\"\n  \
               case $agenttrace_common in /*) agenttrace_dir=$agenttrace_common ;; *) agenttrace_dir=$agenttrace_dir/$agenttrace_common ;; esac\n\
             fi\n\
             agenttrace_next=$agenttrace_dir/hooks/{hook}\n"
        ),
    };
    let called = passes.unwrap_or(true);
    let us = |from: &str, input: &str| {
        format!(
            "agenttrace_bin={own}\n\
             [ -x \"$agenttrace_bin\" ] || agenttrace_bin=$(command -v agenttrace || :)\n\
             if [ -n \"$agenttrace_bin\" ]; then {from}\"$agenttrace_bin\" __git-hook {hook} \"$@\"{input} >/dev/null 2>&1 || :; fi\n"
        )
    };
    // A hook's input can be read once only.
    let body = match (called, reads_input) {
        (true, true) => format!(
            "agenttrace_input=$(cat)\n{}{next}\
             if [ -x \"$agenttrace_next\" ]; then\n  \
               printf '%s\\n' \"$agenttrace_input\" | \"$agenttrace_next\" \"$@\"\n  exit $?\nfi\n",
            us("printf '%s\\n' \"$agenttrace_input\" | ", "")
        ),
        (true, false) => {
            let us = us("", " </dev/null");
            format!("{us}{next}if [ -x \"$agenttrace_next\" ]; then\n  \"$agenttrace_next\" \"$@\"\n  exit $?\nfi\n")
        }
        (false, _) => format!("{next}if [ -x \"$agenttrace_next\" ]; then exec \"$agenttrace_next\" \"$@\"; fi\n"),
    };
    Ok(format!("#!/bin/sh\n{BEGIN}\n# Links commits to what made them; `agenttrace git install --undo` takes it away.\n{body}{END}\n"))
}

fn install(folder: &Path, hook: &'static str, passes: Option<bool>) -> Result<Did> {
    let file = folder.join(hook);
    let text = script(hook, passes)?;
    let there = std::fs::read(&file).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let what = match there {
        Some(old) if old == text => return Ok(Did { hook, file, what: "is there already", advice: None }),
        // One of ours from before: what the user wrote around it stays.
        Some(old) if old.contains(BEGIN) => {
            let rest = without_ours(&old);
            let fresh = if rest.trim() == "#!/bin/sh" { text } else { rest.replacen("#!/bin/sh\n", &text, 1) };
            write(&file, &fresh)?;
            return Ok(Did { hook, file, what: "brought up to date", advice: None });
        }
        Some(old) => {
            if let Some(manager) = MANAGERS.iter().find(|word| old.to_lowercase().contains(*word)) {
                let advice = format!("{manager} manages this hook. Add to its settings: {}", call(hook));
                return Ok(Did { hook, file, what: "left alone", advice: Some(advice) });
            }
            let before = folder.join(format!("{hook}{BEFORE}"));
            if before.exists() {
                bail!("{} is in the way: it was a hook before; delete or rename it", before.display());
            }
            std::fs::rename(&file, &before).with_context(|| format!("cannot rename {}", file.display()))?;
            "put before the one that was there"
        }
        None => "put there",
    };
    write(&file, &text)?;
    Ok(Did { hook, file, what, advice: None })
}

fn write(file: &Path, text: &str) -> Result<()> {
    let fresh = file.with_extension(format!("agenttrace-{}", std::process::id()));
    let written = std::fs::write(&fresh, text)
        .and_then(|()| std::fs::set_permissions(&fresh, std::fs::Permissions::from_mode(0o755)))
        .and_then(|()| std::fs::rename(&fresh, file));
    written.with_context(|| format!("cannot write {}", file.display()))
}

/// A hook's text without our part.
fn without_ours(text: &str) -> String {
    let (Some(begin), Some(end)) = (text.find(BEGIN), text.find(END)) else { return text.to_owned() };
    let end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
    format!("{}{}", &text[..begin], text.get(end..).unwrap_or_default())
}

fn take_away(folder: &Path, hook: &'static str) -> Result<Option<Did>> {
    let file = folder.join(hook);
    if !is_ours(&file) {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&file)?;
    let rest = without_ours(&text);
    let before = folder.join(format!("{hook}{BEFORE}"));
    let what = if rest.trim() != "#!/bin/sh" {
        write(&file, &rest)?;
        "our part taken away"
    } else if before.exists() {
        std::fs::rename(&before, &file)?;
        "taken away; the one before is back"
    } else {
        std::fs::remove_file(&file)?;
        "taken away"
    };
    Ok(Some(Did { hook, file, what, advice: None }))
}
