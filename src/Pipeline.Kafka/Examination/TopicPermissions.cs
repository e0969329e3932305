using Confluent.Kafka.Admin;

namespace Pipeline.Kafka.Examination;

/// <summary>What may be done with topics, as the brokers say it, against what the collector and the gateway do.</summary>
internal static class TopicPermissions
{
    // The collector writes, and reads its own log when it starts; the gateway reads.
    private static readonly AclOperation[] Needed = [AclOperation.Describe, AclOperation.Read, AclOperation.Write];

    /// <param name="permitted">By topic; null = the cluster does not say.</param>
    public static ExamResult Judge(IReadOnlyDictionary<string, IReadOnlyList<AclOperation>?> permitted, string servers)
    {
        var told = permitted.Where(topic => topic.Value is { Count: > 0 }).ToList();
        var missing = told
            .SelectMany(topic => Needed.Where(one => !topic.Value!.Contains(one)).Select(one => (topic.Key, one)))
            .ToList();
        return missing.Count > 0 ? ExamResult.Bad(Refusal(missing, servers))
            : told.Count == 0 ? ExamResult.Good("every topic can be described; the brokers do not say what else is permitted")
            : ExamResult.Good($"{told.Count} topics may be described, read and written");
    }

    /// <summary>Names what is refused, and the command that grants it.</summary>
    public static string Refusal(IReadOnlyList<(string Topic, AclOperation Operation)> missing, string servers)
    {
        var operations = missing.Select(one => one.Operation).Distinct().Order().ToList();
        var what = string.Join("; ", operations.Select(operation =>
            $"{operation.ToString().ToLowerInvariant()} {string.Join(", ", missing.Where(one => one.Operation == operation).Select(one => one.Topic))}"));
        var grants = string.Join(' ', operations.Select(operation => $"--operation {operation}"));
        return $"The brokers do not permit us (ACL denied) to {what}. Have it granted to the user of kafka.properties, for each topic: "
            + $"kafka-acls --bootstrap-server {servers} --add --allow-principal User:NAME {grants} --topic {missing[0].Topic}";
    }
}
