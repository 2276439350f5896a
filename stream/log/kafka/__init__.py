"""The Kafka log, on kafka-python: whole batches, transactions, fencing."""

from stream.log.kafka.log import KafkaLog

__all__ = ["KafkaLog"]
