// agenttrace: hands what OpenCode does to `agenttrace hook opencode`. Written by `agenttrace init`; `agenttrace init --undo` deletes it.
import { spawn } from "node:child_process"

const program = __AGENTTRACE__
// Of the events on the bus those that say something final; parts of a text while it is being written say nothing more.
const events = new Set([
  "session.created", "session.updated", "session.status", "session.idle", "session.error", "session.compacted", "session.deleted",
  "message.updated", "message.part.updated", "file.edited", "permission.updated", "permission.replied", "command.executed",
])

const isFinal = ({ type, properties }) => {
  if (!events.has(type)) return false
  if (type === "session.status") return properties?.status?.type === "retry"
  if (type === "message.updated") return properties?.info?.role === "user" || properties?.info?.time?.completed !== undefined
  if (type !== "message.part.updated") return true
  const part = properties?.part
  if (part?.type === "tool") return part.state?.status === "completed" || part.state?.status === "error"
  return part?.type === "step-finish" || part?.type === "subtask" || part?.time?.end !== undefined
}

export const AgentTrace = async ({ directory, worktree }) => {
  const tell = (kind, said) => {
    try {
      const hook = spawn(program, ["hook", "opencode"], { stdio: ["pipe", "ignore", "ignore"] })
      hook.on("error", () => {})
      hook.stdin.on("error", () => {})
      hook.stdin.end(JSON.stringify({ kind, unix_ms: Date.now(), directory, worktree, ...said }))
    } catch {
      // Whatever happens here is nothing to the agent.
    }
  }
  return {
    event: async ({ event }) => {
      if (isFinal(event)) tell("event", { event })
    },
    "chat.message": async (input, output) => tell("chat.message", { input, output }),
    "tool.execute.before": async (input, output) => tell("tool.execute.before", { input, output }),
    "tool.execute.after": async (input, output) => tell("tool.execute.after", { input, output }),
    "shell.env": async (input, output) => {
      if (!output?.env || !input?.sessionID) return
      output.env.AGENTTRACE_AGENT = "opencode"
      output.env.AGENTTRACE_SESSION_ID = input.sessionID
      if (input.callID) output.env.AGENTTRACE_TOOL_CALL_ID = input.callID
    },
  }
}
