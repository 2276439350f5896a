"""Whether containers can be had here: servers that tests share are tried in one first."""

from __future__ import annotations


def has_image(image: str) -> bool:
    """Whether an engine is there and has the image, or can get it."""
    import docker
    from docker.errors import DockerException

    try:
        client = docker.from_env(timeout=120)
    except DockerException:
        return False
    try:
        if not client.images.list(image):
            client.images.pull(image)
    except DockerException:
        return False
    finally:
        client.close()
    return True
