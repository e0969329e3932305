using System.Globalization;
using Confluent.Kafka;
using Pipeline.Core.Topology;

namespace Pipeline.Kafka.Examination;

/// <summary>What to say and to do when no broker answers, by what the client met.</summary>
internal static class ConnectionAdvice
{
    // The most telling first: behind a refused password lies "all brokers down" as well.
    private static readonly (ErrorCode Code, string Advice)[] Causes =
    [
        (ErrorCode.SaslAuthenticationFailed, "Check sasl.mechanism, sasl.username and sasl.password in kafka.properties."),
        (ErrorCode.Local_Authentication, "Check security.protocol, sasl.mechanism, sasl.username and sasl.password in kafka.properties."),
        (ErrorCode.ClusterAuthorizationFailed, "Have the user of kafka.properties admitted to the cluster."),
        (ErrorCode.Local_Ssl, "Check security.protocol, ssl.ca.location and the broker's host name in kafka.bootstrapServers against its certificate."),
        (ErrorCode.Local_Resolve, $"The host name does not resolve: check kafka.bootstrapServers and {KafkaOptions.ServersVariable}."),
    ];

    /// <param name="last">What the request itself ended with.</param>
    public static string Of(string servers, TimeSpan waited, IReadOnlyCollection<Error> met, Error last)
    {
        var (telling, advice) = Causes
            .Select(cause => (Error: met.LastOrDefault(error => error.Code == cause.Code), cause.Advice))
            .FirstOrDefault(cause => cause.Error is not null);
        var reason = telling ?? met.LastOrDefault(error => error.Code == ErrorCode.Local_Transport) ?? last;
        var seconds = waited.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        return $"No Kafka broker answers at {servers} within {seconds} s: {reason.Reason}. "
            + (advice ?? "Is it running? 'pipeline up' starts a local one; for another check kafka.bootstrapServers, "
                + $"{KafkaOptions.ServersVariable} and security.protocol in kafka.properties.");
    }
}
