using Pipeline.Core.Audit;
using Pipeline.Core.Feeds.Rest;
using Pipeline.Core.Market;
using Pipeline.Host.Auditing;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Records;
using Pipeline.Kafka.Topics;
using Pipeline.Kafka.Verification;

namespace Pipeline.Host.Verifying;

/// <summary>
/// Compares the final candles of the log with the venues' own, as <see cref="CandleAudit"/> does and with its causes, a bounded number at
/// a time. What a venue does not tell is not proven.
/// </summary>
internal sealed class KlineComparison
{
    // Candles of a series after which it is asked for, and those of it that are remembered for late revisions.
    private const int Chunk = 1_000;
    private const int MostCandles = 3 * Chunk;

    // While others write: a venue may tell a candle later than we do.
    private const long Settling = 10_000_000;

    // A venue that answered none of so many series in a row is not asked again.
    private const int MostFailures = 3;

    private readonly Dictionary<(Instrument Instrument, CandleInterval Interval), KlineSeries> _series = [];
    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);
    private readonly AuditRest _rest;
    private readonly RuleBook _rules;
    private readonly AuditInstruments _instruments;
    private readonly FindingLog _findings;
    private readonly TopicCatalog _topics;
    private readonly TimeProvider _time;
    private readonly CandleAudit _audit;

    public KlineComparison(AuditRest rest, RuleBook rules, AuditInstruments instruments, FindingLog findings, TopicCatalog topics, TimeProvider time)
    {
        (_rest, _rules, _instruments, _findings, _topics, _time) = (rest, rules, instruments, findings, topics, time);
        _audit = new CandleAudit(new AuditLimits { MostCandles = MostCandles }) { OursAlone = ReportAlone };
    }

    /// <summary>Why venues were asked in vain, each once.</summary>
    public HashSet<string> Failures { get; } = new(StringComparer.Ordinal);

    public bool IsFull { get; private set; }

    /// <summary>Candles that both have, or that the log lacks.</summary>
    public long Compared => _audit.Summary.Checked;

    /// <summary>A record of <c>md.gaps</c>, or a final or revised one of <c>md.candles</c>, which the proof has found to be well-formed.</summary>
    public void Add(KafkaRecord record)
    {
        var now = MarketTime.Now(_time);
        try
        {
            if (record.Topic == _topics.Gaps.Name)
            {
                _audit.Add(GapRecordReader.Read(record.Value!, (venue, id, _) => InstrumentOf(venue, id)).Gap, now);
            }
            else if (CandleRecordReader.Read(record.Value!, InstrumentOf) is { Source: CandleSource.Trades or CandleSource.Mixed } candle)
            {
                Add(candle, record.Partition, now);
            }
        }
        catch (RecordFormatException error)
        {
            _findings.Add(new Finding(FindingKind.BadRecord, record.Topic, record.Partition, record.Offset, record.KeyText ?? "", error.Message));
        }
    }

    /// <summary>Asks the venues for what has come.</summary>
    public Task FlushAsync(CancellationToken cancellation) => AskAsync(isEnd: false, cancellation);

    /// <summary>Nothing more will come: asks for the rest, and tells what differs.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        await AskAsync(isEnd: true, cancellation);
        _audit.Finish(MarketTime.Now(_time));
        Report();
    }

    private Instrument InstrumentOf(string venue, string id) => _instruments.Of(venue, id, _rules.SymbolOf($"{venue}:{id}"));

    private void Add(in Candle candle, int partition, long now)
    {
        var key = (candle.Instrument, candle.Interval);
        if (!_series.TryGetValue(key, out var series))
        {
            _series.Add(key, series = Begin(candle, partition));
        }

        if (series.IsAsked)
        {
            _audit.Add(candle, now);
            IsFull |= ++series.Waiting >= Chunk;
        }
    }

    private KlineSeries Begin(in Candle candle, int partition)
    {
        var venue = candle.Instrument.Venue;
        var series = new KlineSeries { Partition = partition };
        if (!_rest.HasInterface(venue))
        {
            series.IsAsked = false;
            Failures.Add($"{venue} has no REST address in the topology, or none of the kind");
            Report(FindingKind.VenueForgot, candle.Instrument, partition, $"{venue} cannot be asked for its {candle.Interval} candles: none was compared");
        }
        else if (!AuditRest.HasCandles(venue, candle.Interval))
        {
            series.IsAsked = false;
            Report(FindingKind.NotJudged, candle.Instrument, partition, $"{venue} has no {candle.Interval} candles: they were compared with their trades alone");
        }

        return series;
    }

    private async Task AskAsync(bool isEnd, CancellationToken cancellation)
    {
        IsFull = false;
        foreach (var (instrument, interval, from, to) in _audit.OurRanges)
        {
            if (_series.TryGetValue((instrument, interval), out var series) && series.Waiting > 0)
            {
                var first = series.AskedTo == long.MinValue ? from : series.AskedTo + interval.Microseconds;
                var last = isEnd ? to : to - (Math.Max(1, Settling / interval.Microseconds) * interval.Microseconds);
                await AskAsync(series, instrument, interval, first, last, cancellation);
            }
        }

        Report();
    }

    private async Task AskAsync(KlineSeries series, Instrument instrument, CandleInterval interval, long first, long last, CancellationToken cancellation)
    {
        series.Waiting = 0;
        if (first > last)
        {
            return;
        }

        series.AskedTo = last;
        var failures = _failures.GetValueOrDefault(instrument.Venue);
        try
        {
            if (failures < MostFailures)
            {
                series.Note(await _rest.AskAsync(_audit, instrument, interval, first, last, cancellation));
                _failures[instrument.Venue] = 0;
            }
        }
        catch (Exception error) when (error is VenueRestException or NotSupportedException or ArgumentException)
        {
            _failures[instrument.Venue] = failures + 1;
            Failures.Add($"{instrument.Venue}: {error.Message}");
        }
    }

    private void ReportAlone(Candle candle)
    {
        var series = _series[(candle.Instrument, candle.Interval)];
        if (candle.Volume == WideNumber.Zero && candle.OpenTime > series.ToldFrom && candle.OpenTime < series.ToldTo)
        {
            // Some venues leave out what nobody traded in: they tell of candles before and behind it.
            return;
        }

        var name = $"{candle.Interval} candle of {candle.OpenTime}";
        Report(
            candle.OpenTime > series.ToldTo && series.ToldTo > long.MinValue ? FindingKind.VenueBehind : FindingKind.VenueForgot,
            candle.Instrument,
            series.Partition,
            $"the venue does not tell its {name}: ours was not compared");
    }

    private void Report()
    {
        foreach (var finding in _audit.Findings)
        {
            if (KindOf(finding) is { } kind)
            {
                Report(kind, finding.Instrument, _series.GetValueOrDefault((finding.Instrument, finding.Interval))?.Partition ?? -1, Text(finding));
            }
        }

        _audit.ClearFindings();
    }

    /// <summary>Null for what was put right.</summary>
    private FindingKind? KindOf(AuditFinding finding) => finding switch
    {
        { Agrees: true } => null,
        { Cause: AuditCause.PartialStart } => FindingKind.NotJudged,
        { Cause: AuditCause.OurHole } => FindingKind.CandleLacks,
        { Cause: AuditCause.Withheld } => FindingKind.VenueUnclear,

        // One of ours may have been among what was deleted.
        { Cause: AuditCause.Missing } when _findings.CountOf(FindingKind.DeletedBeforeRead) > 0 => FindingKind.NotJudged,
        { Cause: AuditCause.Missing } => FindingKind.LostToVenue,

        // An aggregate that goes on behind the end of a window belongs to the first one here, and partly to the second there.
        { Cause: AuditCause.VenueDiffers } when IsAggregateOfFutures(finding.Instrument) => FindingKind.VenueUnclear,
        _ => FindingKind.DiffersFromVenue,
    };

    private bool IsAggregateOfFutures(Instrument instrument) => instrument.Venue == "binance-futures" && _rules.IsAggregate(instrument.Key);

    private static string Text(AuditFinding finding)
    {
        var fields = finding.Differences.Select(one => $"{AuditNames.Of(one.Field)} is {one.Ours ?? "not there"}, the venue's is {one.Venue}");
        return $"{finding.Interval} candle of {finding.OpenTime}, {AuditNames.Of(finding.Cause)}: {string.Join("; ", fields)}";
    }

    private void Report(FindingKind kind, Instrument instrument, int partition, string what) =>
        _findings.Add(new Finding(kind, _topics.Candles.Name, partition, -1, instrument.Key, what));
}
