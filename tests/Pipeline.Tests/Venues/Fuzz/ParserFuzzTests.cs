using System.Globalization;
using System.Text;
using System.Text.Json;
using Pipeline.Core.Feeds;
using Pipeline.Core.Market;
using Xunit.Abstractions;

namespace Pipeline.Tests.Venues.Fuzz;

/// <summary>
/// A venue's parser under frames that were changed at random, against an oracle that reads the same bytes slowly and simply. One class
/// per venue, so that they run side by side. <c>PIPELINE_FUZZ_INPUTS</c> sets how many frames all venues together get.
/// </summary>
public abstract class ParserFuzzTests(ITestOutputHelper output)
{
    private const int DefaultInputs = 1_000_000;
    private const int Venues = 5;
    private const int FramesPerBatch = 10;

    private readonly Dictionary<string, int> _stricter = new(StringComparer.Ordinal);
    private readonly VenueBatch _one = new();
    private readonly VenueBatch _many = new();
    private FeedSource _source = FeedSource.None;
    private FuzzOracle? _oracle;
    private List<string> _happened = [];
    private int _records;

    private protected void Fuzz(string venue, IVenueParser parser, IReadOnlyList<string> symbols, FuzzOracle oracle)
    {
        var inputs = int.Parse(Environment.GetEnvironmentVariable("PIPELINE_FUZZ_INPUTS") ?? $"{DefaultInputs}", CultureInfo.InvariantCulture) / Venues;
        var table = new SymbolTable();
        for (var i = 0; i < symbols.Count; i++)
        {
            table.Add(new Instrument(i, venue, symbols[i], symbols[i]));
        }

        (_source, _oracle) = (new FeedSource(venue, venue + "-1", parser, table, 1000), oracle);
        FuzzNode[] corpus = [.. ParserHarness.Fixtures(venue).Select(path => FuzzNode.Parse(File.ReadAllBytes(path)))];
        var mutator = new FuzzMutator(corpus);
        var maker = new FrameMaker(symbols);
        for (var seed = 0; seed < inputs / FramesPerBatch; seed++)
        {
            FuzzBatch(corpus, mutator, maker, seed);
        }

        output.WriteLine($"{venue}: {inputs} frames, {_records} records; stricter than the oracle:");
        foreach (var (why, count) in _stricter.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"  {count} x {why}");
        }

        // Frames that all mean nothing would prove nothing.
        Assert.True(_records > inputs / 10, $"Only {_records} records came of {inputs} frames.");
    }

    /// <summary>The seed alone decides what the frames of a batch are.</summary>
    private void FuzzBatch(FuzzNode[] corpus, FuzzMutator mutator, FrameMaker maker, int seed)
    {
        var random = new Random(seed);
        (mutator.Random, maker.Random) = (random, random);
        var frames = new byte[FramesPerBatch][];
        var expected = new List<string>();
        var counts = (Control: 0, Unwanted: 0);
        for (var i = 0; i < FramesPerBatch; i++)
        {
            var fixture = corpus[random.Next(corpus.Length)];
            var good = random.Next(3) == 0 ? fixture : maker.Vary(fixture);
            frames[i] = good.Write(static () => "");
            if (i % 5 == 1)
            {
                var said = Check(frames[i], seed);
                frames[i] = mutator.Disguise(good);
                Assert.True(said == Check(frames[i], seed), Say("says something else in disguise", frames[i], seed));
            }
            else
            {
                frames[i] = i % 5 == 0 ? frames[i] : mutator.Damage(good);
                Check(frames[i], seed);
            }

            expected.AddRange(_happened);
            counts = (counts.Control + _one.ControlFrames, counts.Unwanted + _one.Unwanted);
            _one.Release();
        }

        if (seed % 2 == 0)
        {
            CheckTogether(frames, expected, counts, seed);
        }
    }

    /// <summary>What a frame says does not depend on its neighbours.</summary>
    private void CheckTogether(byte[][] frames, List<string> expected, (int Control, int Unwanted) counts, int seed)
    {
        Parse(_many, frames);
        var all = RecordText.Of(_many);
        Assert.True(all.SequenceEqual(expected), Say("says something else among others", frames[^1], seed));
        Assert.Equal((FramesPerBatch, counts), (_many.Frames, (_many.ControlFrames, _many.Unwanted)));
        _many.Release();
    }

    /// <summary>Parses one frame, holds what came of it against the oracle, and returns it as text.</summary>
    private string Check(byte[] frame, int seed)
    {
        _one.Release();
        try
        {
            Parse(_one, frame);
        }
        catch (Exception error)
        {
            Assert.Fail(Say($"throws {error}", frame, seed));
        }

        _happened = RecordText.Of(_one);
        var records = _happened.FindAll(text => !RecordText.IsDeadLetter(text));
        var read = _oracle!.Read(frame);
        _records += records.Count;
        if (records.Count + _one.ControlFrames + _one.Unwanted + _one.DeadLetters.Count == 0)
        {
            Assert.Fail(Say("leaves no trace", frame, seed));
        }

        var next = 0;
        foreach (var record in records)
        {
            next = read.Records.IndexOf(record, next) + 1;
            if (next == 0)
            {
                Assert.Fail(Say($"is read as\n  {record}\nwhere the oracle reads\n  {string.Join("\n  ", read.Records)}", frame, seed));
            }
        }

        if (records.Count < read.Records.Count || (read.IsControl != (_one.ControlFrames == 1)))
        {
            CountStricter(frame, read, seed);
        }

        return string.Join('\n', records) + $"\n{_one.ControlFrames} {_one.Unwanted} {_one.DeadLetters.Count}";
    }

    /// <summary>
    /// The parser may refuse what the oracle reads, with a dead letter, for two reasons alone: a value it needs is written with escapes,
    /// which no venue does, or a name is said twice and its values are not of one kind.
    /// </summary>
    private void CountStricter(byte[] frame, FuzzReading read, int seed)
    {
        var why = frame.Contains((byte)'\\') ? "escaped" : SaysTwice(frame) ? "said twice" : null;
        if (why is null || _one.DeadLetters.Count == 0)
        {
            Assert.Fail(Say($"is refused where the oracle reads (control: {read.IsControl})\n  {string.Join("\n  ", read.Records)}", frame, seed));
        }

        why = $"{why}, {_one.DeadLetters[0].Reason}";
        _stricter[why] = _stricter.GetValueOrDefault(why) + 1;
    }

    private static bool SaysTwice(byte[] frame)
    {
        using var document = JsonDocument.Parse(frame);
        return OracleJson.SaysTwice(document.RootElement);
    }

    private void Parse(VenueBatch into, params byte[][] frames)
    {
        var received = FrameBatch.Of(_source, 1, frames);
        _source.Parser!.Parse(received, into);
        received.Release();
    }

    /// <summary>The frame as a C# string; bytes beyond ASCII are spelled as bytes.</summary>
    private string Say(string what, byte[] frame, int seed)
    {
        var text = new StringBuilder();
        foreach (var c in frame)
        {
            text.Append(c is >= (byte)' ' and <= (byte)'~' and not ((byte)'"' or (byte)'\\')
                ? ((char)c).ToString()
                : string.Create(CultureInfo.InvariantCulture, $"\\x{c:x4}"));
        }

        var letters = string.Join(' ', _one.DeadLetters.Span.ToArray().Select(letter => letter.Reason));
        return $"{_source.Venue}, seed {seed}: Latin1 \"{text}\" {what} [{letters}; {Encoding.UTF8.GetString(frame)}]";
    }
}
