using Pipeline.Kafka;
using Pipeline.Kafka.Examination;

namespace Pipeline.Host.Doctor.Kafka;

/// <summary>One look at the brokers.</summary>
/// <param name="look">The look, which names what mends a fault it finds.</param>
/// <param name="needs">Looks it goes by.</param>
internal sealed class KafkaCheck(string name, Func<CancellationToken, Task<ExamResult>> look, params ICheck[] needs) : ICheck
{
    public string Name => $"kafka {name}";

    public IReadOnlyList<ICheck> Needs => needs;

    public string OverdueAdvice => "the brokers are there and answer too slowly: look at their load and at the network between";

    public async Task<Finding> RunAsync(CancellationToken cancellation)
    {
        try
        {
            var result = await look(cancellation);
            return result.Problem is { } problem ? new Finding(Verdict.Failed, problem)
                : result.Warnings.Count > 0 ? new Finding(Verdict.Warning, string.Join(" ", result.Warnings))
                : Finding.Ok(result.Facts);
        }
        catch (KafkaClientException fault)
        {
            return new Finding(Verdict.Failed, fault.Message);
        }
    }
}
