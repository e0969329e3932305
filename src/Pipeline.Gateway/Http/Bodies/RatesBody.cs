using System.ComponentModel;

namespace Pipeline.Gateway.Http.Bodies;

/// <summary>Rates of the last ten seconds.</summary>
internal sealed record RatesBody(
    [property: Description("Records a second from Kafka.")] double RecordsPerSecond,
    [property: Description("Messages a second handed to clients.")] double MessagesPerSecond,
    [property: Description("Payload bytes a second handed to clients.")] double BytesPerSecond,
    [property: Description("Clients a second that connect.")] double ConnectsPerSecond);
