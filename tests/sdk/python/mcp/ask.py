"""Asks an MCP server with the protocol's official client: JSON on standard input says how to connect and what to ask, JSON on standard output what came.

{"stdio": [command, arguments...], "environment": {...}} or {"url": "...", "token": "..."}; "mode": "legacy" (initialize) or a version that is stated;
"calls": [[tool, arguments], ...]
"""

import asyncio
import json
import sys

from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import create_mcp_http_client, streamable_http_client


async def main() -> None:
    asked = json.load(sys.stdin)
    if "stdio" in asked:
        command, *arguments = asked["stdio"]
        transport = stdio_client(StdioServerParameters(command=command, args=arguments, env=asked["environment"]))
    else:
        headers = {"Authorization": f"Bearer {asked['token']}"} if asked.get("token") else {}
        transport = streamable_http_client(asked["url"], http_client=create_mcp_http_client(headers=headers))
    async with Client(transport, mode=asked["mode"]) as client:
        tools = await client.list_tools()
        answers = []
        for name, arguments in asked["calls"]:
            answer = await client.call_tool(name, arguments)
            answers.append({"failed": bool(answer.is_error), "text": "\n".join(part.text for part in answer.content)})
        print(json.dumps({"version": client.protocol_version, "tools": [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in tools.tools], "answers": answers}))


asyncio.run(main())
