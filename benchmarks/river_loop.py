"""The floor of everything: a loop over kafka-python and River, as their documentation has them.

A dictionary a customer, features read from it, `learn_one` and `predict_one` at every line, and a
message where the cluster is another one than before. Nothing of it survives a crash.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from river import cluster, compose, preprocessing


@dataclass(slots=True)
class Customer:
    orders: set[str] = field(default_factory=set)
    products: set[str] = field(default_factory=set)
    lines: int = 0
    units: float = 0.0
    spend: float = 0.0
    largest: float = 0.0
    cluster: int | None = None

    def add(self, line: dict[str, str]) -> None:
        amount = float(line["amount"])
        self.orders.add(line["order_id"])
        self.products.add(line["product_id"])
        self.lines += 1
        self.units += float(line["quantity"])
        self.spend += amount
        self.largest = max(self.largest, amount)

    def features(self) -> dict[str, float]:
        orders = len(self.orders)
        return {
            "orders": orders,
            "lines": self.lines,
            "units": self.units,
            "spend": self.spend,
            "basket_size": self.units / orders,
            "average_order_value": self.spend / orders,
            "distinct_products": len(self.products),
            "largest_line": self.largest,
        }


def consume(bootstrap: str, topic: str, partitions: int, changes: str, most: int) -> int:
    """So many records, and a little more: whole polls."""
    consumer = KafkaConsumer(
        bootstrap_servers=bootstrap, isolation_level="read_committed", enable_auto_commit=False
    )
    consumer.assign([TopicPartition(topic, partition) for partition in range(partitions)])
    consumer.seek_to_beginning()
    producer = KafkaProducer(bootstrap_servers=bootstrap)
    model = compose.Pipeline(
        preprocessing.StandardScaler(), cluster.KMeans(n_clusters=5, halflife=0.1, seed=1)
    )
    customers: defaultdict[str, Customer] = defaultdict(Customer)
    done = 0
    while done < most:
        for records in consumer.poll(timeout_ms=1_000).values():
            for record in records:
                _take(record.value, customers, model, producer, changes)
            done += len(records)
    producer.flush()
    producer.close()
    consumer.close()
    return done


def _take(
    value: bytes,
    customers: dict[str, Customer],
    model: compose.Pipeline,
    producer: KafkaProducer,
    changes: str,
) -> None:
    line = json.loads(value)
    if line.get("customer_id") is None:  # a command
        return
    customer = customers[line["customer_id"]]
    customer.add(line)
    features = customer.features()
    model.learn_one(features)
    now = model.predict_one(features)
    if now != customer.cluster:
        change = {"customer_id": line["customer_id"], "from": customer.cluster, "to": now}
        producer.send(changes, key=line["customer_id"].encode(), value=json.dumps(change).encode())
        customer.cluster = now
