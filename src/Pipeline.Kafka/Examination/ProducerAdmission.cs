using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Pipeline.Core.Topology;

namespace Pipeline.Kafka.Examination;

/// <summary>
/// Opens a producer with our settings and waits until the brokers have given it an id, as they must before it may write. That it has one
/// shows only in the client's statistics.
/// </summary>
internal sealed class ProducerAdmission(KafkaOptions options)
{
    private const string Admitted = "Assigned";

    public ExamResult Try(TimeSpan patience, CancellationToken cancellation)
    {
        using var ended = new ManualResetEventSlim();
        var errors = new ConcurrentQueue<Error>();
        var isAdmitted = false;
        var properties = ClientProperties.ForProducer(options);
        properties["statistics.interval.ms"] = "100";
        try
        {
            using var producer = new ProducerBuilder<Null, Null>(properties)
                .SetLogHandler((_, _) => { })
                .SetErrorHandler((_, error) =>
                {
                    errors.Enqueue(error);
                    if (error.IsFatal)
                    {
                        ended.Set();
                    }
                })
                .SetStatisticsHandler((_, statistics) =>
                {
                    if ((string?)JsonNode.Parse(statistics)?["eos"]?["idemp_state"] == Admitted)
                    {
                        isAdmitted = true;
                        ended.Set();
                    }
                })
                .Build();
            ended.Wait(patience, cancellation);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException)
        {
            return ExamResult.Bad($"The Kafka client cannot start: {fault.Message} Check kafka.properties.");
        }

        return isAdmitted ? ExamResult.Good("an idempotent producer is let in") : ExamResult.Bad(Refusal(patience, errors));
    }

    private static string Refusal(TimeSpan patience, IReadOnlyCollection<Error> errors)
    {
        var fatal = errors.FirstOrDefault(error => error.IsFatal) ?? errors.LastOrDefault();
        return fatal?.Reason.Contains("uthorization", StringComparison.Ordinal) == true
            ? $"The brokers refuse our producer (ACL denied): {fatal.Reason}. Have IdempotentWrite on the cluster (before Kafka 3.0), and Write on the "
                + "topics, granted to the user of kafka.properties."
            : $"The brokers gave our producer no id within {patience.TotalSeconds:0} s: {fatal?.Reason ?? "no reason is told"}. "
                + "Look at the brokers' log: idempotent producers need a broker of 0.11 or later and enough replicas in sync.";
    }
}
