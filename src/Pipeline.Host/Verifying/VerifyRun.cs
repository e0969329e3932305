using Pipeline.Core.Topology;
using Pipeline.Kafka.Reader;
using Pipeline.Kafka.Topics;
using Pipeline.Kafka.Verification;

namespace Pipeline.Host.Verifying;

/// <summary>
/// Reads the topics into a proof. The ledger of gaps comes first, then candles and trades together, up to where they ended at the start;
/// or, following, up to where they end when it is told to stop.
/// </summary>
internal sealed class VerifyRun(KafkaOptions kafka, VerifySettings settings, RuleBook rules, VerifyProgress progress, TimeProvider time)
{
    private const int ReadAhead = 16_384;

    // A partition that says nothing for this long although it has more is not read to its end.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);

    private readonly KafkaReader _reader = new(kafka);
    private readonly string _trades = TopicCatalog.Of(kafka).Trades.Name;
    private readonly string _candles = TopicCatalog.Of(kafka).Candles.Name;
    private readonly string _gaps = TopicCatalog.Of(kafka).Gaps.Name;

    /// <summary>False where there is no ledger of gaps: then no hole is explained.</summary>
    public bool HasLedger { get; private set; }

    /// <summary>Compares the trades with the venue's; null = the records alone are asked.</summary>
    public VenueComparison? Comparison { get; init; }

    /// <summary>Compares the candles with the venue's; null = with their trades alone.</summary>
    public KlineComparison? Klines { get; init; }

    /// <exception cref="Kafka.KafkaClientException">No broker answers.</exception>
    public async Task RunAsync(LogProof proof, CancellationToken stop)
    {
        var there = await _reader.ListTopicsAsync();
        HasLedger = there.ContainsKey(_gaps);
        string[] wanted = [.. settings.Candles ? [_candles] : Array.Empty<string>(), .. settings.Trades ? [_trades] : Array.Empty<string>()];
        foreach (var missing in wanted.Where(topic => !there.ContainsKey(topic)))
        {
            proof.Findings.Add(new Finding(FindingKind.NoTopic, missing, -1, -1, "", "there is no such topic"));
        }

        string[] topics = [.. wanted.Where(there.ContainsKey)];
        await ReadInstrumentsAsync(there, stop);
        var ends = await TopicEnds.OfAsync(_reader, [.. topics, .. HasLedger ? [_gaps] : Array.Empty<string>()]);
        foreach (var (topic, partition, low, _) in ends.All)
        {
            proof.Begin(topic, partition, low);
        }

        progress.Total = ends.Records;
        if (HasLedger)
        {
            await ReadAsync(proof, new ReadRequest { Topics = [_gaps], Capacity = ReadAhead }, ends, stop);
        }

        if (settings.Follow)
        {
            await FollowAsync(proof, [.. topics, .. HasLedger ? [_gaps] : Array.Empty<string>()], stop);
        }
        else if (topics.Length > 0)
        {
            await ReadAsync(proof, new ReadRequest { Topics = topics, Capacity = ReadAhead }, ends, stop);
            Check(proof, ends);
        }

        await FinishAsync(proof, settings.Follow ? CancellationToken.None : stop);
        progress.End();
    }

    private async Task ReadInstrumentsAsync(IReadOnlyDictionary<string, int> there, CancellationToken stop)
    {
        var topic = TopicCatalog.Of(kafka).Instruments.Name;
        if (there.ContainsKey(topic))
        {
            await foreach (var record in _reader.ReadAsync(new ReadRequest { Topics = [topic], Capacity = ReadAhead }, stop))
            {
                rules.Add(record);
            }
        }
    }

    private async Task ReadAsync(LogProof proof, ReadRequest request, TopicEnds ends, CancellationToken stop)
    {
        await foreach (var record in _reader.ReadAsync(request, stop))
        {
            if (ends.Holds(record))
            {
                await TakeAsync(proof, record, counts: true);
            }
        }
    }

    private async Task FollowAsync(LogProof proof, string[] topics, CancellationToken stop)
    {
        progress.Total = 0;
        using var closing = new CancellationTokenSource();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var timer = settings.For is { } duration ? time.CreateTimer(_ => limit.Cancel(), null, duration, Timeout.InfiniteTimeSpan) : null;
        var records = _reader.ReadAsync(new ReadRequest { Topics = topics, Follow = true, Capacity = ReadAhead }, closing.Token).GetAsyncEnumerator(CancellationToken.None);
        Task<bool>? next = null;
        TopicEnds? ends = null;
        try
        {
            while (ends is null || ends.All.Any(end => proof.PositionOf(end.Topic, end.Partition) < end.High))
            {
                next ??= records.MoveNextAsync().AsTask();
                if (!next.IsCompleted && !await WaitAsync(next, ends is null ? settings.UntilIdle : DrainLimit, ends is null ? limit.Token : CancellationToken.None))
                {
                    if (ends is not null)
                    {
                        Check(proof, ends);
                        return;
                    }

                    ends = await TopicEnds.OfAsync(_reader, topics);
                    continue;
                }

                if (!await next)
                {
                    return;
                }

                next = null;
                if (ends?.Holds(records.Current) ?? true)
                {
                    await TakeAsync(proof, records.Current, counts: false);
                }

                if (ends is null && limit.IsCancellationRequested)
                {
                    ends = await TopicEnds.OfAsync(_reader, topics);
                }
            }
        }
        finally
        {
            await closing.CancelAsync();
            await EndAsync(next);
            await records.DisposeAsync();
        }
    }

    /// <summary>False when it is to stop, or nothing came in time.</summary>
    private async Task<bool> WaitAsync(Task<bool> next, TimeSpan? most, CancellationToken stop)
    {
        var waited = TimeSpan.Zero;
        var pace = TimeSpan.FromMilliseconds(100);
        while (!stop.IsCancellationRequested && (most is null || waited < most))
        {
            if (await Task.WhenAny(next, Task.Delay(pace, time, CancellationToken.None)) == next)
            {
                return true;
            }

            waited += pace;
            progress.Show();
        }

        return next.IsCompleted;
    }

    private static async Task EndAsync(Task<bool>? next)
    {
        try
        {
            await (next ?? Task.FromResult(false));
        }
        catch (OperationCanceledException)
        {
            // That is how following ends.
        }
    }

    private async ValueTask TakeAsync(LogProof proof, KafkaRecord record, bool counts)
    {
        proof.Add(record);
        progress.Advance(counts);
        if (Comparison is { IsFull: true })
        {
            await Comparison.FlushAsync(CancellationToken.None);
        }

        if (Klines is { IsFull: true })
        {
            await Klines.FlushAsync(CancellationToken.None);
        }
    }

    private async Task FinishAsync(LogProof proof, CancellationToken cancellation)
    {
        if (Comparison is not null)
        {
            await Comparison.ProveTimesAsync(proof, cancellation);
        }

        proof.Finish();
        CheckRead(proof);
        if (Comparison is not null)
        {
            foreach (var (instrument, ids) in proof.Missing())
            {
                await Comparison.CompareMissingAsync(instrument, ids, cancellation);
            }

            proof.Counts.Compared = Comparison.Compared;
        }

        if (Klines is not null)
        {
            await Klines.FinishAsync(cancellation);
            proof.Counts.CandlesCompared = Klines.Compared;
        }
    }

    /// <summary>Where nothing was read nothing is proved.</summary>
    private void CheckRead(LogProof proof)
    {
        var what = proof.Instruments == 0 ? "no record of an instrument"
            : settings.Trades && proof.Counts.Ids == 0 ? "no trade"
            : null;
        if (what is not null)
        {
            proof.Findings.Add(new Finding(
                FindingKind.NothingRead, "", -1, -1, "",
                $"{what} was read from the topics {kafka.TopicPrefix}.*: has the collector written yet, is kafka.topicPrefix the one it writes to, does --instrument name what it collects?"));
        }
    }

    private static void Check(LogProof proof, TopicEnds ends)
    {
        foreach (var (topic, partition, _, high) in ends.All)
        {
            var position = proof.PositionOf(topic, partition);
            if (position < high)
            {
                proof.Findings.Add(new Finding(FindingKind.NotReadToEnd, topic, partition, position, "", $"read to offset {position} of {high}"));
            }
        }
    }
}
