using System.Text;
using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Pipeline.TestKit;
using Pipeline.TestKit.Recordings;

namespace Pipeline.Tests.Venues.Okx;

/// <summary>Real frames of 2022: books with valid checksums and no sequence ids, trades without counts.</summary>
public sealed class OkxRecordingTests
{
    [RecordingFact]
    public void Parse_Recording_EveryFrameBecomesARecordOrIsControl()
    {
        var batch = OkxFrames.Parse([.. Recording.Read(Recording.Okx).Frames]);
        Assert.Equal(
            (74, 290, 28, 18, 0),
            (batch.Trades.Count, batch.BookUpdates.Count, batch.Tickers.Count, batch.ControlFrames, batch.DeadLetters.Count));
    }

    [RecordingFact]
    public void Parse_Recording_DataIsPredictedAndBothReadersAgree()
    {
        foreach (var frame in Recording.Read(Recording.Okx).Frames)
        {
            var predicted = OkxFrames.ParsePredicted(frame);
            Assert.Equal(frame.AsSpan().StartsWith("{\"arg\":"u8), predicted is not null);
            Assert.Equal(OkxFrames.Describe(OkxFrames.ParseOrderFree(frame)), OkxFrames.Describe(predicted ?? OkxFrames.Parse(frame)));
        }
    }

    [RecordingFact]
    public void Parse_RecordedBooks_RiseInTimeAndPassTheVenuesChecksum()
    {
        var books = new Dictionary<int, ChecksumBook>();
        var compared = 0;
        foreach (var frame in Recording.Read(Recording.Okx).Frames)
        {
            var batch = OkxFrames.Parse(frame);
            foreach (var update in batch.BookUpdates.Span)
            {
                if (!books.TryGetValue(update.Symbol, out var book))
                {
                    Assert.Equal(BookUpdateKind.Snapshot, update.Kind);
                    books.Add(update.Symbol, book = new ChecksumBook());
                }

                book.Apply(update, batch.Levels.Span);
                using var json = JsonDocument.Parse(frame);
                Assert.Equal(json.RootElement.GetProperty("data")[0].GetProperty("checksum").GetInt32(), book.Checksum());
                compared++;
            }
        }

        Assert.Equal((3, 290), (books.Count, compared));
    }

    /// <summary>
    /// A book kept as a client of 2022 had to: the best 25 levels a side, a bid and an ask in turn, as <c>price:quantity</c> joined by
    /// colons, CRC-32 of that. OKX wrote its numbers without trailing zeros, as ours are.
    /// </summary>
    private sealed class ChecksumBook
    {
        private readonly SortedDictionary<Number, Number> _bids = new(Comparer<Number>.Create((a, b) => b.CompareTo(a)));
        private readonly SortedDictionary<Number, Number> _asks = [];
        private long _lastId = -1;

        public void Apply(in VenueBookUpdate update, ReadOnlySpan<BookLevel> levels)
        {
            Assert.Equal(-1, update.PreviousUpdateId);
            Assert.True(update.LastUpdateId > _lastId);
            _lastId = update.LastUpdateId;
            if (update.Kind == BookUpdateKind.Snapshot)
            {
                _bids.Clear();
                _asks.Clear();
            }

            Apply(_bids, levels.Slice(update.FirstLevel, update.Bids));
            Apply(_asks, levels.Slice(update.FirstLevel + update.Bids, update.Asks));
        }

        public int Checksum()
        {
            var bids = _bids.Take(25).ToList();
            var asks = _asks.Take(25).ToList();
            var text = new List<string>();
            for (var i = 0; i < Math.Max(bids.Count, asks.Count); i++)
            {
                text.AddRange(bids.Skip(i).Take(1).Concat(asks.Skip(i).Take(1)).Select(level => $"{level.Key}:{level.Value}"));
            }

            return Crc32(Encoding.ASCII.GetBytes(string.Join(':', text)));
        }

        private static void Apply(SortedDictionary<Number, Number> side, ReadOnlySpan<BookLevel> levels)
        {
            foreach (var level in levels)
            {
                if (level.Quantity.IsPositive)
                {
                    side[level.Price] = level.Quantity;
                }
                else
                {
                    side.Remove(level.Price);
                }
            }
        }

        private static int Crc32(byte[] bytes)
        {
            var crc = uint.MaxValue;
            foreach (var value in bytes)
            {
                crc ^= value;
                for (var bit = 0; bit < 8; bit++)
                {
                    crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
                }
            }

            return (int)~crc;
        }
    }

#if !DEBUG
    // Unoptimised code boxes what optimised code does not: the claim is about what ships.
    [RecordingFact]
    public void Parse_SteadyState_AllocatesNothing()
    {
        var recorded = Recording.Read(Recording.Okx).Frames.Where(frame => frame.AsSpan().StartsWith("{\"arg\":"u8)).Take(250).ToList();
        var random = new Random(1);
        AllocatesNothing(recorded);
        AllocatesNothing([.. recorded.Select(frame => OkxFrames.Disguise(frame, random))]);
    }

    private static void AllocatesNothing(List<byte[]> recorded)
    {
        var frames = FrameBatch.Of(OkxFrames.Source, 0, [.. recorded]);
        var batch = new VenueBatch();
        const int times = 20;
        ParseAll();
        Assert.InRange(Allocations.Least(ParseAll), 0, times * frames.Count / 10);

        void ParseAll()
        {
            for (var i = 0; i < times; i++)
            {
                OkxFrames.Source.Parser!.Parse(frames, batch);
                batch.Release();
            }
        }
    }
#endif
}
