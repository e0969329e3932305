using Pipeline.Core.Topology;

namespace Pipeline.Tests.Topology;

public sealed class KafkaPropertiesTests
{
    [Theory]
    [InlineData("acks")]
    [InlineData("request.required.acks")]
    [InlineData("topic.acks")]
    [InlineData("enable.idempotence")]
    [InlineData("enable.gapless.guarantee")]
    [InlineData("message.timeout.ms")]
    [InlineData("delivery.timeout.ms")]
    [InlineData("topic.delivery.timeout.ms")]
    [InlineData("retries")]
    [InlineData("max.in.flight")]
    [InlineData("max.in.flight.requests.per.connection")]
    [InlineData("queuing.strategy")]
    [InlineData("transactional.id")]
    [InlineData("delivery.report.only.error")]
    [InlineData("dr_msg_cb")]
    [InlineData("log.queue")]
    [InlineData("enable.partition.eof")]
    [InlineData("group.id")]
    [InlineData("allow.auto.create.topics")]
    [InlineData("metadata.broker.list")]
    [InlineData("test.mock.num.brokers")]
    [InlineData("partitioner")]
    public void ReasonAgainst_WhatTheProductDecides_HasOne(string name) => Assert.NotNull(KafkaProperties.ReasonAgainst(name));

    [Theory]
    [InlineData("security.protocol")]
    [InlineData("sasl.password")]
    [InlineData("ssl.ca.location")]
    [InlineData("client.id")]
    [InlineData("linger.ms")]
    [InlineData("compression.codec")]
    [InlineData("queue.buffering.max.kbytes")]
    [InlineData("topic.metadata.refresh.interval.ms")]
    public void ReasonAgainst_WhatIsTheUsers_HasNone(string name) => Assert.Null(KafkaProperties.ReasonAgainst(name));

    [Theory]
    [InlineData("max.in.flight.requests.per.connection", "1", true)]
    [InlineData("max.in.flight.requests.per.connection", "5", true)]
    [InlineData("max.in.flight.requests.per.connection", "6", false)]
    [InlineData("max.in.flight.requests.per.connection", "0", false)]
    [InlineData("max.in.flight.requests.per.connection", "many", false)]
    [InlineData("max.in.flight", "1", false)]
    [InlineData("linger.ms", "1", true)]
    public void ReasonAgainst_Value_StricterMayBe(string name, string value, bool mayBe) =>
        Assert.Equal(mayBe, KafkaProperties.ReasonAgainst(name, value) is null);
}
