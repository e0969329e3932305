using Microsoft.Extensions.Logging;
using Pipeline.Core.Audit;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;

namespace Pipeline.Host.Collecting;

/// <summary>
/// Says what the audit finds on its way to the sink: a few findings a minute in words, of more only how many there were. Called by several
/// lanes at once.
/// </summary>
internal sealed class AuditTap(IMarketSink sink, TimeProvider time, ILogger log) : IMarketSink
{
    private const int MostAMinute = 10;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long _began = time.GetTimestamp();
    private int _said;
    private int _unsaid;

    public ValueTask WriteAsync(MarketBatch batch, CancellationToken cancellation)
    {
        for (var i = 0; i < batch.Audits.Count; i++)
        {
            // The window in which we began differs by nature.
            if (batch.Audits[i].Cause != AuditCause.PartialStart)
            {
                Say(batch.Audits[i]);
            }
        }

        return sink.WriteAsync(batch, cancellation);
    }

    public ValueTask FlushAsync(CancellationToken cancellation) => sink.FlushAsync(cancellation);

    private void Say(AuditFinding finding)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_began) >= Minute)
            {
                if (_unsaid > 0)
                {
                    CollectorLog.MoreAudits(log, _unsaid);
                }

                (_began, _said, _unsaid) = (time.GetTimestamp(), 0, 0);
            }

            if (_said == MostAMinute)
            {
                _unsaid++;
                return;
            }

            _said++;
        }

        CollectorLog.Audit(
            log,
            finding.Instrument.Key,
            finding.Interval.Name,
            MarketTime.ToInstant(finding.OpenTime).UtcDateTime,
            AuditNames.Of(finding.Cause) + (finding.Agrees ? ", agrees now" : ""),
            string.Join(", ", finding.Differences.Select(one => $"{AuditNames.Of(one.Field)} {one.Ours ?? "none"} / {one.Venue}")));
    }
}
