# The user's own, then two hooks: before a command, and before the next prompt.
if [ -f /etc/bash.bashrc ]; then . /etc/bash.bashrc; fi
if [ -f ~/.bashrc ]; then . ~/.bashrc; fi
case ":$PATH:" in ":$AGENTTRACE_RUN/bin:"*) ;; *) PATH=$AGENTTRACE_RUN/bin:$PATH ;; esac
__agenttrace_end() {
  local code=$?
  "$AGENTTRACE_BIN" __mark --shell-pid $$ --code "$code" 2>/dev/null
  return "$code"
}
PS0='$("$AGENTTRACE_BIN" __mark --shell-pid $$ --command "$(HISTTIMEFORMAT= builtin history 1)" 2>/dev/null)'"${PS0-}"
PROMPT_COMMAND="__agenttrace_end${PROMPT_COMMAND:+; $PROMPT_COMMAND}"
