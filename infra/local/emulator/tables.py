"""How the emulator answers queries of big partitions: by looking a page up in the order of its keys.

MiniStack sorts a whole partition, and asks its interpreter of conditions about every item of it, for each page: a partition of 10,000 items took
half a second a page, and everybody waited, since all requests share one thread. DynamoDB reads a page's items and no more. So here the keys of big partitions are kept
sorted, and a query that names a partition and perhaps where the sort key begins reads its page from there.

Only queries of that form on partitions above SMALL items; all others, and so every error, are MiniStack's own. Can go when it keeps partitions sorted.
"""

import bisect
import re

SMALL = 200
CONDITION = re.compile(r"(?P<hash>\w+) = (?P<of>:\w+)(?: AND (?:begins_with\((?P<begun>\w+), (?P<prefix>:\w+)\)|(?P<ranged>\w+) >= (?P<least>:\w+)))?")
# What the form has beside its condition; anything else is for MiniStack.
KNOWN = {"TableName", "IndexName", "KeyConditionExpression", "FilterExpression", "ProjectionExpression", "ExpressionAttributeNames",
         "ExpressionAttributeValues", "ScanIndexForward", "ConsistentRead", "ExclusiveStartKey", "Limit", "Select", "ReturnConsumedCapacity"}
# Behind every text that begins with a prefix.
END = chr(0x10FFFF)


def patch() -> None:
    from ministack.services import dynamodb

    keys = SortedKeys(dynamodb)
    query, set_item, remove_item = dynamodb._query, dynamodb._set_item, dynamodb._remove_item

    def quick_query(data):
        return page(dynamodb, keys, data) or query(data)

    def set_and_sort(table, pk, sk, item):
        old = set_item(table, pk, sk, item)
        keys.changed(table, pk, sk, old, item)
        return old

    def remove_and_sort(table, pk, sk):
        old = remove_item(table, pk, sk)
        keys.changed(table, pk, sk, old, None)
        return old

    dynamodb._query, dynamodb._set_item, dynamodb._remove_item = quick_query, set_and_sort, remove_and_sort


class SortedKeys:
    """The keys of big partitions as (sort key, partition key and sort key in the table), in order. Made when first asked for."""

    def __init__(self, dynamodb):
        self.dynamodb = dynamodb
        self.lists: dict[tuple, tuple[dict, list]] = {}

    def of(self, table: dict, index: dict | None, pk: str, size: int) -> list:
        """`size` is how many there must be: a list that missed a change is made anew."""
        place = (id(table["items"]), index["IndexName"] if index else None, pk)
        items, keys = self.lists.get(place, (None, None))
        if items is table["items"] and len(keys) == size:
            return keys
        rows = table["items"]
        if index:
            name = range_of(index)
            members = self.dynamodb._index_members(table)[index["IndexName"]].get(pk, ())
            keys = sorted((rows[own_pk][own_sk][name]["S"], own_pk, own_sk) for own_pk, own_sk in members)
        else:
            keys = sorted((sk, pk, sk) for sk in rows.get(pk, ()))
        self.lists[place] = (rows, keys)
        return keys

    def changed(self, table: dict, pk: str, sk: str, old: dict | None, new: dict | None) -> None:
        if (old is None) != (new is None):
            self._move(table, None, pk, (sk, pk, sk) if old else None, (sk, pk, sk) if new else None)
        for index in table.get("GlobalSecondaryIndexes") or []:
            before, after = ((self._place(index, item) if item else None) for item in (old, new))
            if before != after:
                for place, there in ((before, False), (after, True)):
                    if place:
                        key = (place[1], pk, sk)
                        self._move(table, index["IndexName"], place[0], None if there else key, key if there else None)

    def _place(self, index: dict, item: dict) -> tuple[str, str] | None:
        hashes, ranges = self.dynamodb._index_key_lists(index)
        if len(hashes) != 1 or len(ranges) != 1:
            return None
        partition, sort = item.get(hashes[0], {}).get("S"), item.get(ranges[0], {}).get("S")
        return (partition, sort) if partition is not None and sort is not None else None

    def _move(self, table: dict, index: str | None, pk: str, old: tuple | None, new: tuple | None) -> None:
        items, keys = self.lists.get((id(table["items"]), index, pk), (None, None))
        if items is not table["items"]:
            return
        if old:
            at = bisect.bisect_left(keys, old)
            if at < len(keys) and keys[at] == old:
                del keys[at]
        if new:
            bisect.insort(keys, new)


def range_of(index: dict) -> str:
    return next(key["AttributeName"] for key in index["KeySchema"] if key["KeyType"] == "RANGE")


def page(dynamodb, keys: SortedKeys, data: dict):
    """The answer to a query of a big partition; None when MiniStack shall answer."""
    wanted = CONDITION.fullmatch((data.get("KeyConditionExpression") or "").strip())
    table = dynamodb._tables.get(dynamodb._normalize_table_name(data.get("TableName")))
    values, limit = data.get("ExpressionAttributeValues") or {}, data.get("Limit")
    if not wanted or not table or not set(data) <= KNOWN or (limit is not None and (not isinstance(limit, int) or limit < 1)):
        return None
    index = dynamodb._index_def(table, data["IndexName"]) if data.get("IndexName") else None
    hash_name, hash_value = wanted["hash"], wanted["of"]
    range_name, range_value = wanted["begun"] or wanted["ranged"], wanted["prefix"] or wanted["least"]
    schema = ([table["pk_name"]], [table["sk_name"]])
    if data.get("IndexName"):
        if not index or data.get("ConsistentRead"):
            return None
        schema = dynamodb._index_key_lists(index)
    pk = values.get(hash_value, {}).get("S")
    least = values.get(range_value, {}).get("S") if range_name else ""
    if schema != ([hash_name], [range_name or schema[1][0]]) or not pk or least is None or (range_name and not least):
        return None
    rows = dynamodb._index_members(table).get(data["IndexName"], {}).get(pk, ()) if index else table["items"].get(pk, ())
    if len(rows) <= SMALL:
        return None
    return answer(dynamodb, data, table, index, keys.of(table, index, pk, len(rows)), least, END if wanted["ranged"] else least + END)


def answer(dynamodb, data: dict, table: dict, index: dict | None, keys: list, least: str, end: str):
    first, last = bisect.bisect_left(keys, (least,)), bisect.bisect_left(keys, (end,))
    forward = data.get("ScanIndexForward", True)
    start = data.get("ExclusiveStartKey")
    if start:
        own = (start[table["pk_name"]]["S"], start[table["sk_name"]]["S"])
        cursor = ((start[range_of(index)]["S"] if index else own[1]), *own)
        if forward:
            first = max(first, bisect.bisect_right(keys, cursor))
        else:
            last = min(last, bisect.bisect_left(keys, cursor))
    places = range(first, last) if forward else range(last - 1, first - 1, -1)
    found = (table["items"][keys[at][1]][keys[at][2]] for at in places)
    items, more = dynamodb._paginate_evaluated_items(found, data.get("Limit"), table, data.get("IndexName"))
    values, names, condition = data.get("ExpressionAttributeValues") or {}, data.get("ExpressionAttributeNames") or {}, data.get("FilterExpression")
    shown = [item for item in items if dynamodb._evaluate_condition(condition, item, values, names, slot="FilterExpression")] if condition else items
    result = {"Count": len(shown), "ScannedCount": len(items)}
    if data.get("Select") != "COUNT":
        result["Items"] = [dynamodb._apply_projection(dynamodb._apply_index_projection(item, table, data.get("IndexName")), data) for item in shown]
    if more and items:
        last_key = dynamodb._build_key(items[-1], table["pk_name"], table["sk_name"])
        if index:
            last_key |= {key["AttributeName"]: items[-1][key["AttributeName"]] for key in index["KeySchema"]}
        result["LastEvaluatedKey"] = last_key
    dynamodb._add_consumed_capacity(result, data, data.get("TableName"), index_name=data.get("IndexName"))
    return dynamodb.json_response(result)
