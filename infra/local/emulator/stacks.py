"""How the emulator updates stacks: what did not change in a nested stack keeps its attributes."""


def patch() -> None:
    unchanged_resources_keep_their_attributes()


def unchanged_resources_keep_their_attributes() -> None:
    """An update of a nested stack forgot the attributes of resources that stay as they are, so that any `!GetAtt` of them failed.

    Can go when MiniStack hands `old_attrs` on for nested stacks, as it does for the others.
    """
    from ministack.services.cloudformation import _stacks, provisioners

    deploy, update = provisioners._cfn_nested_stack_deploy, provisioners._update_resource
    known: dict[str, dict] = {}

    def remembering_deploy(logical_id, props, stack_name, **more):
        name = more.get("previous_physical_id")
        before = (_stacks.get(name) or {}).get("_resources", {}) if name else {}
        known.update({name: {id: resource.get("Attributes") or {} for id, resource in before.items()}} if before else {})
        return deploy(logical_id, props, stack_name, **more)

    def remembering_update(resource_type, physical_id, old_props, new_props, stack_name, logical_id=None, old_attrs=None):
        before = old_attrs or known.get(stack_name, {}).get(logical_id)
        return update(resource_type, physical_id, old_props, new_props, stack_name, logical_id, before)

    provisioners._cfn_nested_stack_deploy, provisioners._update_resource = remembering_deploy, remembering_update
