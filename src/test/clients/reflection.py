"""grpc's own library for Python against us, without any files of ours: it asks what there is, and calls a model with that."""

import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory


def channel_method(channel, service: str, method: str, streams: bool, ask, answer):
    kind = channel.stream_stream if streams else channel.unary_unary
    return kind(f"/{service}/{method}", request_serializer=ask, response_deserializer=answer)


def asked(channel, version: str, field: int, text: str) -> bytes:
    """Asks one question, whose message is written by hand: a field with a text."""
    data = text.encode()
    question = bytes([field << 3 | 2, len(data)]) + data
    info = channel_method(
        channel, f"grpc.reflection.{version}.ServerReflection", "ServerReflectionInfo", True, bytes, bytes
    )
    return next(iter(info(iter([question]))))


def fields(message: bytes) -> list[tuple[int, bytes]]:
    """The fields of a message that have a length, as all have that are needed here."""
    found, at = [], 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while at < len(message):
        tag = varint()
        assert tag & 7 == 2, tag
        length = varint()
        found.append((tag >> 3, message[at : at + length]))
        at += length
    return found


def one(message: bytes, number: int) -> bytes:
    return next(value for field, value in fields(message) if field == number)


def main(server: str, _image: str) -> None:
    with grpc.insecure_channel(server) as channel:
        pools = {}
        for version in ("v1", "v1alpha"):
            services = [one(entry, 1).decode() for _, entry in fields(one(asked(channel, version, 7, ""), 6))]
            assert "inference.GRPCInferenceService" in services, services
            pool = descriptor_pool.DescriptorPool()
            for service in services:
                serialized = one(one(asked(channel, version, 4, service), 4), 1)
                described = descriptor_pb2.FileDescriptorProto.FromString(serialized)
                pool.Add(described)
            for service in services:
                assert pool.FindServiceByName(service).methods, service
            pools[version] = pool
        pool = pools["v1"]
        ask = message_factory.GetMessageClass(pool.FindMessageTypeByName("inference.ModelInferRequest"))
        answer = message_factory.GetMessageClass(pool.FindMessageTypeByName("inference.ModelInferResponse"))
        request = ask(model_name="lookup", id="7")
        number = request.inputs.add(name="number", datatype="INT64", shape=[2])
        number.parameters["ignored"].int64_param = 0
        number.contents.int64_contents.extend([2, 1])
        infer = channel_method(
            channel, "inference.GRPCInferenceService", "ModelInfer", False, ask.SerializeToString, answer.FromString
        )
        response = infer(request, timeout=20)
        assert response.id == "7" and response.outputs[0].contents.fp32_contents, response
        config = message_factory.GetMessageClass(pool.FindMessageTypeByName("inference.ModelConfigResponse"))
        named = message_factory.GetMessageClass(pool.FindMessageTypeByName("inference.ModelConfigRequest"))
        configuration = channel_method(
            channel, "inference.GRPCInferenceService", "ModelConfig", False, named.SerializeToString, config.FromString
        )(named(name="colors"), timeout=20).config
        assert configuration.input[0].data_type == 11 and configuration.input[0].format == 2, configuration


main(*sys.argv[1:])
print("all well")
