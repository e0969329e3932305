using Pipeline.Core.Diagnostics;
using Pipeline.Core.Market;

namespace Pipeline.Core.Audit;

/// <summary>The audit of one lane: looks at what leaves station 5 and adds what it finds behind everything else in the batch.</summary>
internal sealed class AuditStage(AuditLimits limits, IAuditRepairs? repairs, PipelineMetrics metrics)
{
    private readonly CandleAudit _audit = new(limits, metrics);

    public long NextDeadline => _audit.NextDeadline;

    /// <summary>Those of which anything is kept.</summary>
    public IEnumerable<Instrument> Known => _audit.Known;

    public void Forget(Instrument instrument) => _audit.Forget(instrument);

    public void Process(MarketBatch batch)
    {
        if (batch.Forgotten is { } instrument)
        {
            _audit.Forget(instrument);
        }

        var events = batch.Events.Count;
        for (var i = 0; i < events; i++)
        {
            var happened = batch.Events[i];
            switch (happened.Kind)
            {
                case MarketEventKind.Candle when batch.Candles[happened.Index].Source == CandleSource.Venue:
                    // Of the time before the series: it is the venue's own.
                    break;
                case MarketEventKind.Candle:
                case MarketEventKind.VenueCandle:
                    _audit.Add(batch.Candles[happened.Index], batch.Now);
                    break;
                case MarketEventKind.Gap:
                    _audit.Add(batch.Gaps[happened.Index], batch.Now);
                    break;
            }
        }

        _audit.Tick(batch.Now);
        if (_audit.Findings.Count > 0)
        {
            Tell(batch);
        }
    }

    private void Tell(MarketBatch batch)
    {
        foreach (var finding in _audit.Findings)
        {
            batch.Add(finding);
            if (finding.Lacking is { } lacking)
            {
                repairs?.Request(lacking);
            }
        }

        _audit.ClearFindings();
    }
}
