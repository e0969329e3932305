using System.Globalization;
using System.Text;
using Pipeline.Core.Market;
using Pipeline.Kafka.Reader;

namespace Pipeline.Kafka.Verification;

/// <summary>
/// Proves what the topics promise (design of <c>md.trades</c>, <c>md.candles</c> and <c>md.gaps</c>): records in, findings out; no
/// Kafka, no clock. Each partition's records come in their order; topics and partitions may be mixed as they like, but the ledger of
/// gaps had better come first. Memory is bounded by instruments, holes and open windows, not by the length of the log.
/// <para>For one thread.</para>
/// </summary>
public sealed class LogProof
{
    private readonly ProofOptions _options;
    private readonly InstrumentProofs _instruments;
    private readonly Dictionary<(string Topic, int Partition), PartitionCursor> _cursors = [];
    private readonly Queue<(CandleSeriesProof Series, CandleWindow Window)> _kept = new();
    private readonly string _trades;
    private readonly string _candles;
    private readonly string _gaps;
    private PartitionCursor? _cursor;
    private (string Topic, int Partition) _cursorOf;

    public LogProof(ProofOptions options, FindingLog findings)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        Findings = findings;
        _trades = options.Topics.Trades.Name;
        _candles = options.Topics.Candles.Name;
        _gaps = options.Topics.Gaps.Name;
        _instruments = new InstrumentProofs(Make);
    }

    public FindingLog Findings { get; }

    public ProofCounts Counts { get; } = new();

    public int Instruments => _instruments.Count;

    /// <summary>False where a topic never loses records but at its start (the embedded broker): then a jump of offsets is a deletion.</summary>
    public bool MayBeCompacted { get; init; } = true;

    /// <summary>Reading of a partition begins at its oldest record; what lay before it was deleted.</summary>
    public void Begin(string topic, int partition, long offset)
    {
        CursorOf(topic, partition).Begin(offset);
        if (offset > 0)
        {
            Deleted(topic, partition, 0, offset);
        }
    }

    /// <summary>Offset behind the last record read; -1 when none was.</summary>
    public long PositionOf(string topic, int partition) => CursorOf(topic, partition).Next;

    public void Add(KafkaRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var cursor = CursorOf(record.Topic, record.Partition);
        if (!cursor.Take(record.Offset, out var skipped))
        {
            return;
        }

        if (skipped > 0)
        {
            Skipped(record, skipped);
        }

        if (!cursor.IsCurrent(record, out var epoch))
        {
            Report(FindingKind.StaleEpoch, record, record.KeyText ?? "", $"epoch {epoch} after {cursor.Epoch}: left out");
        }
        else if (record.Topic == _trades)
        {
            AddTrade(record, cursor);
        }
        else if (record.Topic == _candles)
        {
            AddCandle(record);
        }
        else if (record.Topic == _gaps)
        {
            AddGap(record);
        }
    }

    /// <summary>Nothing more will be read: judges what was left open.</summary>
    public void Finish()
    {
        foreach (var proof in _instruments.All)
        {
            proof.Finish(CursorOf(_trades, proof.Scope.Partition).Next);
            if (proof is { Unordered: not null, IsProvenByTime: false })
            {
                proof.Scope.OfTrades(FindingKind.UnorderedIds, -1, "its ids say nothing of holes: only the venue can tell whether trades are missing");
            }
        }
    }

    /// <summary>The instruments whose ids say nothing of holes, as far as they were read.</summary>
    public IEnumerable<UnorderedTrades> Unordered() => _instruments.All.Select(proof => proof.Unordered).OfType<UnorderedTrades>();

    /// <summary>The venue has told all trades of the time of an instrument whose ids say nothing of holes. To be said before <see cref="Finish"/>.</summary>
    public void ProveByTime(string instrument)
    {
        foreach (var proof in _instruments.All.Where(proof => proof.Scope.Key == instrument))
        {
            proof.IsProvenByTime = true;
        }
    }

    /// <summary>The ids that the trades lack and that were not given up, by instrument.</summary>
    public IEnumerable<(string Instrument, IdRange Ids)> Missing() =>
        _instruments.All.SelectMany(proof => proof.Missing().Select(ids => (proof.Scope.Key, ids)));

    private void AddTrade(KafkaRecord record, PartitionCursor cursor)
    {
        Counts.TradeRecords++;
        if (Find(record, 0) is not { } proof)
        {
            return;
        }

        var wrong = record.Value is null ? "is deleted" : TradeRowReader.Read(record.Value, proof.Scope.Venue, proof.Scope.Instrument, out var row) is { } error ? error : Take(row);
        if (wrong is not null)
        {
            Report(FindingKind.BadRecord, record, proof.Scope.Key, $"the value {wrong}");
        }

        string? Take(in TradeRow trade)
        {
            proof.Add(trade, record.Offset);
            proof.SweepWhenDue(cursor.Next);
            return null;
        }
    }

    private void AddCandle(KafkaRecord record)
    {
        Counts.CandleRecords++;
        if (record.Value is null || !_options.Candles || Find(record, 2) is not { } proof)
        {
            return;
        }

        var wrong = CandleRowReader.Read(record.Value, proof.Scope.Venue, proof.Scope.Instrument, out var row);
        if (wrong is null && !IsKeyOf(record.Key, row!))
        {
            wrong = $"is the {row}, which its key is not";
        }

        if (wrong is not null)
        {
            Report(FindingKind.BadRecord, record, proof.Scope.Key, $"the value {wrong}");
            return;
        }

        proof.Candles.Add(row!, record.Offset);
        if (row!.State != CandleState.Forming)
        {
            _options.RecordWitness?.Invoke(record);
            proof.Candles.Sweep();
        }
    }

    private void AddGap(KafkaRecord record)
    {
        Counts.GapRecords++;
        if (record.Value is null || Find(record, 1) is not { } proof)
        {
            return;
        }

        var wrong = GapRowReader.Read(record.Value, out var row);
        if (wrong is null && KeyOf(row!) != record.KeyText)
        {
            wrong = $"is the {row} of {row!.Venue}:{row.Instrument}, which its key is not";
        }

        if (wrong is not null)
        {
            Report(FindingKind.BadRecord, record, proof.Scope.Key, $"the value {wrong}");
            return;
        }

        proof.Add(row!, record.Offset);
        _options.RecordWitness?.Invoke(record);
    }

    private static string KeyOf(GapRow row) => string.Create(
        CultureInfo.InvariantCulture, $"{row.Venue}:{row.Instrument}:{(row.IsTime ? "@" : "")}{(row.IsTime ? row.OpenedTime : row.FromId)}");

    private InstrumentProof? Find(KafkaRecord record, int parts)
    {
        var proof = _instruments.Find(record.Key, parts, out var isKey);
        if (!isKey)
        {
            Report(FindingKind.BadRecord, record, "", $"the key '{record.KeyText}' names no instrument");
        }
        else if (proof?.Scope.Partition == -1)
        {
            Place(proof, record.Partition);
        }
        else if (proof is not null && proof.Scope.Partition != record.Partition)
        {
            Report(FindingKind.BadRecord, record, proof.Scope.Key, $"the instrument lies in partition {proof.Scope.Partition} also");
            return null;
        }

        return proof;
    }

    private InstrumentProof? Make(string key)
    {
        if (!_options.Wants(key))
        {
            return null;
        }

        return new InstrumentProof(new InstrumentScope(key, _options, Findings, Counts), Keep);
    }

    private void Place(InstrumentProof proof, int partition)
    {
        proof.Scope.Partition = partition;
        proof.Coverage.IsTruncated = CursorOf(_trades, partition).IsPartial;
        proof.Ledger.IsPartial = CursorOf(_gaps, partition).IsPartial;
        var candles = CursorOf(_candles, partition);
        proof.Candles.IsPartial = candles.IsPartial;
        if (candles.IsPartial && !MayBeCompacted)
        {
            proof.Candles.Truncate();
        }
    }

    private void Keep(CandleSeriesProof series, CandleWindow window)
    {
        if (!window.IsKept)
        {
            window.IsKept = true;
            _kept.Enqueue((series, window));
        }

        while (_kept.Count > _options.MaxJudged)
        {
            var (oldSeries, old) = _kept.Dequeue();
            old.IsKept = false;
            if (!old.IsWaiting)
            {
                oldSeries.Forget(old);
            }
        }
    }

    private void Skipped(KafkaRecord record, long skipped)
    {
        if (record.Topic == _trades || !MayBeCompacted)
        {
            Deleted(record.Topic, record.Partition, record.Offset - skipped, record.Offset);
            return;
        }

        // Compacted away: what is left is the last record of each key.
        foreach (var proof in InPartition(record.Partition))
        {
            proof.Ledger.IsPartial |= record.Topic == _gaps;
            proof.Candles.IsPartial |= record.Topic == _candles;
        }
    }

    private void Deleted(string topic, int partition, long from, long to)
    {
        Findings.Add(new Finding(
            FindingKind.DeletedBeforeRead, topic, partition, from, "", $"offsets {from} to {to - 1} were deleted before they were read"));
        foreach (var proof in InPartition(partition))
        {
            if (topic == _trades)
            {
                proof.Cut();
            }
            else if (topic == _candles)
            {
                proof.Candles.Truncate();
            }
            else
            {
                proof.Ledger.IsPartial = true;
            }
        }
    }

    private IEnumerable<InstrumentProof> InPartition(int partition) => _instruments.All.Where(proof => proof.Scope.Partition == partition);

    private PartitionCursor CursorOf(string topic, int partition)
    {
        if (_cursor is { } last && _cursorOf.Partition == partition && _cursorOf.Topic == topic)
        {
            return last;
        }

        if (!_cursors.TryGetValue((topic, partition), out var cursor))
        {
            cursor = new PartitionCursor();
            _cursors.Add((topic, partition), cursor);
        }

        (_cursor, _cursorOf) = (cursor, (topic, partition));
        return cursor;
    }

    private static bool IsKeyOf(ReadOnlySpan<byte> key, CandleRow row)
    {
        Span<byte> end = stackalloc byte[32];
        return Encoding.UTF8.TryGetBytes(string.Create(CultureInfo.InvariantCulture, $":{row.Interval}:{row.OpenTime}"), end, out var length)
            && key.EndsWith(end[..length]);
    }

    private void Report(FindingKind kind, KafkaRecord record, string instrument, string what) =>
        Findings.Add(new Finding(kind, record.Topic, record.Partition, record.Offset, instrument, what));
}
