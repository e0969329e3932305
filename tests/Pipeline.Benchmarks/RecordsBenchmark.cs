using System.Globalization;
using Pipeline.Core.Candles;
using Pipeline.Core.Diagnostics;
using Pipeline.Core.Feeds;
using Pipeline.Core.Graph;
using Pipeline.Core.Market;
using Pipeline.Core.Sequencing;
using Pipeline.Kafka.Records;
using Pipeline.TestKit.Recordings;
using Pipeline.Venues.Binance;

namespace Pipeline.Benchmarks;

/// <summary>
/// Recorded frames → JSON records on one thread, as plain calls of the stations: parse, normalise, sequence, candles, write. The
/// recording is played again and again with ids and times moved on, so that no copy is a duplicate and candles go on closing.
/// </summary>
internal static class RecordsBenchmark
{
    private const int Rounds = 5;
    private const int Passes = 40;

    // More than the recording's update ids span.
    private const long UpdateIds = 1_000_000_000;

    public static Task RunAsync()
    {
        Console.WriteLine("records: frames of the recording → JSON records, one thread");
        if (Recording.Folder is null)
        {
            Console.WriteLine("  not run: no recordings in ../shared/data/recordings or PIPELINE_RECORDINGS");
            return Task.CompletedTask;
        }

        using var metrics = new PipelineMetrics();
        var predicted = new Stations(metrics, new BinanceSpotParser());
        var orderFree = new Stations(metrics, new OrderFreeParser());
        predicted.Play(Passes);
        orderFree.Play(Passes / 4);
        var fast = new List<Measurement>();
        var slow = new List<Measurement>();
        for (var round = 0; round < Rounds; round++)
        {
            fast.Add(Measurement.Of(predicted.Frames * (long)Passes, () => predicted.Play(Passes)));
            slow.Add(Measurement.Of(orderFree.Frames * (long)Passes, () => orderFree.Play(Passes)));
        }

        var usual = Measurement.Median(fast);
        var shuffled = Measurement.Median(slow);
        Console.WriteLine($"  usual field order (predicted)  {usual}");
        Console.WriteLine($"  any field order (order-free)   {shuffled}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  ratio {shuffled.NanosecondsPerMessage / usual.NanosecondsPerMessage:F2} to 1; {predicted.RecordsPerFrame:F2} records a frame"));
        return Task.CompletedTask;
    }

    /// <summary>Stations 2 to 5 and the record writer, without the blocks between them.</summary>
    private sealed class Stations
    {
        private readonly Recording _recording = Recording.Read(Recording.BinanceSpotTrades);
        private readonly List<FrameBatch> _batches = [];
        private readonly VenueBatch _venue = new();
        private readonly IVenueParser _parser;
        private readonly Normalizer _normalizer;
        private readonly Sequencer _sequencer;
        private readonly CandleWindows _windows;
        private readonly RecordWriter _writer = new(new InstrumentTexts());
        private long _passes;
        private long _records;

        public Stations(PipelineMetrics metrics, IVenueParser parser)
        {
            _parser = parser;
            _normalizer = new Normalizer(1, _ => 0, new MarketBatchPool(), metrics);
            _sequencer = new Sequencer(metrics);
            _windows = new CandleWindows(new CandleOptions(), metrics);
            var symbols = new SymbolTable();
            symbols.Add(new Instrument(0, "binance", "BTC-USDT", "BTCUSDT"));
            var source = new FeedSource("binance", "binance-1", parser, symbols, 1000);
            for (var i = 0; i < _recording.Frames.Count; i += FrameBatch.MaxFrames)
            {
                var frames = _recording.Frames.Skip(i).Take(FrameBatch.MaxFrames).ToArray();
                _batches.Add(FrameBatch.Of(source, _recording.ReceivedTimes[i], frames));
            }
        }

        public int Frames => _recording.Frames.Count;

        public double RecordsPerFrame => _records / (double)(_passes * Frames);

        public void Play(int passes)
        {
            for (var pass = 0; pass < passes; pass++, _passes++)
            {
                foreach (var frames in _batches)
                {
                    _parser.Parse(frames, _venue);
                    MoveOn(_passes);
                    foreach (var batch in _normalizer.Process(_venue))
                    {
                        batch.Now += _passes * 480_000_000;
                        _sequencer.Process(batch);
                        _windows.Process(batch);
                        Write(batch);
                        batch.Release();
                    }

                    _venue.Release();
                }
            }
        }

        private void MoveOn(long passes)
        {
            for (var i = 0; i < _venue.Trades.Count; i++)
            {
                ref var trade = ref _venue.Trades[i];
                trade = trade with { Id = trade.Id + (passes * 3144), Time = trade.Time + (passes * 480_000) };
            }

            for (var i = 0; i < _venue.Quotes.Count; i++)
            {
                ref var quote = ref _venue.Quotes[i];
                quote = quote with { UpdateId = quote.UpdateId + (passes * UpdateIds) };
            }

            for (var i = 0; i < _venue.BookUpdates.Count; i++)
            {
                ref var book = ref _venue.BookUpdates[i];
                book = book with
                {
                    FirstUpdateId = book.FirstUpdateId + (passes * UpdateIds),
                    LastUpdateId = book.LastUpdateId + (passes * UpdateIds),
                };
            }
        }

        private void Write(MarketBatch batch)
        {
            var bytes = 0;
            foreach (var happened in batch.Events.Span)
            {
                bytes += happened.Kind switch
                {
                    MarketEventKind.Trade => _writer.Write(in batch.Trades[happened.Index]).Length,
                    MarketEventKind.Quote => _writer.Write(in batch.Quotes[happened.Index]).Length,
                    MarketEventKind.Candle => _writer.Write(in batch.Candles[happened.Index]).Length,
                    _ => 0,
                };
                _records += happened.Kind == MarketEventKind.BookUpdate ? 0 : 1;
            }

            if (bytes == 0 && batch.Trades.Count > 0)
            {
                throw new InvalidOperationException("Trades went in and no record came out.");
            }
        }
    }

    /// <summary>Every frame by the order-free reader, as if no venue sent its fields in the usual order.</summary>
    private sealed class OrderFreeParser : IVenueParser
    {
        public void Parse(FrameBatch frames, VenueBatch into)
        {
            into.Source = frames.Source;
            into.ReceivedTime = frames.ReceivedTime;
            into.Frames = frames.Count;
            for (var i = 0; i < frames.Count; i++)
            {
                if (BinanceOrderFreeReader.Read<BinanceSpotMarket>(frames[i], frames.Source.Symbols, into) is { } reason)
                {
                    throw new InvalidOperationException($"A recorded frame was refused: {reason}.");
                }
            }
        }
    }
}
