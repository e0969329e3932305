using System.Text;
using Pipeline.Fanout;
using Pipeline.Fanout.Outboxes;

namespace Pipeline.SocketIo.Tests.Fanout;

public sealed class OutboxTests
{
    private static readonly LinkOptions Options = new() { ConflateFrom = 10, OutboxBytes = 10_000 };

    [Fact]
    public void Required_Messages_LeaveInOrderAndAreNeverReplaced()
    {
        var outbox = new Outbox(Options);
        for (var i = 0; i < 500; i++)
        {
            Assert.Equal(PostResult.Queued, outbox.Post(Message($"{i}"), Delivery.Required, "key", 0));
        }

        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"{i}"), TakeAll(outbox));
        Assert.Equal(0, outbox.Count);
        Assert.Equal(0, outbox.Bytes);
    }

    [Fact]
    public void Conflatable_BelowTheThreshold_IsKeptWhole()
    {
        var outbox = new Outbox(Options);
        for (var i = 0; i < 10; i++)
        {
            outbox.Post(Message($"{i}"), Delivery.Conflatable, "quote", 0);
        }

        Assert.Equal(10, TakeAll(outbox).Count);
        Assert.Equal(0, outbox.Conflated);
    }

    [Fact]
    public void Conflatable_FromTheThresholdOn_IsTheNewestAtTheTail()
    {
        var outbox = new Outbox(Options);
        outbox.Post(Message("q1"), Delivery.Conflatable, "quote", 0);
        for (var i = 0; i < 10; i++)
        {
            outbox.Post(Message($"t{i}"), Delivery.Required, null, 0);
        }

        outbox.Post(Message("q2"), Delivery.Conflatable, "quote", 0);
        outbox.Post(Message("b1"), Delivery.Conflatable, "book", 0);
        outbox.Post(Message("q3"), Delivery.Conflatable, "quote", 0);

        var items = TakeItems(outbox);
        Assert.Equal([.. Enumerable.Range(0, 10).Select(i => $"t{i}"), "b1", "q3"], items.Select(Text));
        Assert.Equal(2, items[^1].Conflated);
        Assert.Equal(2, outbox.Conflated);
    }

    [Fact]
    public void Conflatable_ManyOfAKeyBeforeTheThreshold_LeaveOneWhenItIsReached()
    {
        var outbox = new Outbox(Options);
        for (var i = 0; i < 25; i++)
        {
            outbox.Post(Message($"{i}"), Delivery.Conflatable, "quote", 0);
        }

        var item = Assert.Single(TakeItems(outbox));
        Assert.Equal("24", Text(item));
        Assert.Equal(24, item.Conflated);
    }

    [Fact]
    public void Required_OfAKey_RemovesTheWaitingConflatable()
    {
        var outbox = new Outbox(Options);
        outbox.Post(Message("forming"), Delivery.Conflatable, "candle", 0);
        outbox.Post(Message("trade"), Delivery.Required, null, 0);
        outbox.Post(Message("final"), Delivery.Required, "candle", 0);
        outbox.Post(Message("next"), Delivery.Conflatable, "candle", 0);

        Assert.Equal(["trade", "final", "next"], TakeAll(outbox));
        Assert.Equal(1, outbox.Conflated);
    }

    [Fact]
    public void Conflated_Number_StandsInThePayload()
    {
        var outbox = new Outbox(Options);
        SharedMessage Numbered(int seq)
        {
            var text = $$"""{"conflated":0,"seq":{{seq}}}""";
            return SharedMessage.Text(Encoding.UTF8.GetBytes(text), text.IndexOf('0', StringComparison.Ordinal));
        }

        for (var seq = 1; seq <= 120; seq++)
        {
            outbox.Post(Numbered(seq), Delivery.Conflatable, "quote", 0);
        }

        var item = Assert.Single(TakeItems(outbox));
        Assert.Equal("""{"conflated":119,"seq":120}""", Encoding.UTF8.GetString(item.Message.PayloadWith(item.Conflated).Span));
        Assert.Equal("""{"conflated":0,"seq":120}""", Encoding.UTF8.GetString(item.Message.Payload.Span));
        var frame = item.Message.FrameFor(item.Conflated, compress: false);
        Assert.Equal(frame.Length - 2, frame[1]);
    }

    [Fact]
    public void Bytes_BeyondTheLimit_AreTooMuch()
    {
        var outbox = new Outbox(Options);
        var message = Message(new string('x', 996));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(PostResult.Queued, outbox.Post(message, Delivery.Required, null, 0));
        }

        Assert.Equal(10_000, outbox.Bytes);
        Assert.Equal(PostResult.TooMuch, outbox.Post(Message(""), Delivery.Required, null, 0));
        Assert.Equal(PostResult.Dropped, outbox.Post(Message(""), Delivery.Volatile, null, 0));
    }

    [Fact]
    public void Volatile_WhenTheClientIsBlocked_IsDropped()
    {
        var outbox = new Outbox(Options);
        Assert.Equal(PostResult.Queued, outbox.Post(Message("a"), Delivery.Volatile, null, 0));
        Assert.Equal(PostResult.Dropped, outbox.Post(Message("b"), Delivery.Volatile, null, 0, blocked: true));
        Assert.Equal(["a"], TakeAll(outbox));
        Assert.Equal(1, outbox.Dropped);
    }

    [Fact]
    public void OldestRequired_IsTheAgeOfWhatMustBeDelivered()
    {
        var outbox = new Outbox(Options);
        outbox.Post(Message("q"), Delivery.Conflatable, "quote", 3);
        Assert.Null(outbox.OldestRequired());
        outbox.Post(Message("t"), Delivery.Required, null, 7);
        outbox.Post(Message("u"), Delivery.Required, null, 9);
        Assert.Equal(7, outbox.OldestRequired());
    }

    [Fact]
    public void Rate_Beyond_IsHeldBackConflatedAndReleasedBySweeps()
    {
        var outbox = new Outbox(Options);
        outbox.SetRate(2, tick: 0);
        for (var i = 0; i < 6; i++)
        {
            outbox.Post(Message($"a{i}"), Delivery.Conflatable, "a", 0);
            outbox.Post(Message($"b{i}"), Delivery.Conflatable, "b", 0);
        }

        // A second's worth passed at once; of the rest the newest of each key waits.
        Assert.Equal(["a0", "b0"], TakeAll(outbox));
        Assert.Equal(2, outbox.HeldBack);
        Assert.False(outbox.HasNext);
        Assert.Equal(0, outbox.Release(tick: 1, secondsPerTick: 0.25));
        Assert.Equal(1, outbox.Release(tick: 2, secondsPerTick: 0.25));
        Assert.Equal(["a5"], TakeAll(outbox));
        Assert.Equal(1, outbox.Release(tick: 4, secondsPerTick: 0.25));
        var last = Assert.Single(TakeItems(outbox));
        Assert.Equal(("b5", 4), (Text(last), last.Conflated));
        Assert.Equal(0, outbox.Count);
        Assert.Equal(0, outbox.Bytes);
    }

    [Fact]
    public void Rate_RequiredOfAHeldKey_PassesAndRemovesIt()
    {
        var outbox = new Outbox(Options);
        outbox.SetRate(1, tick: 0);
        outbox.Post(Message("q"), Delivery.Conflatable, "other", 0);
        outbox.Post(Message("forming"), Delivery.Conflatable, "candle", 0);
        outbox.Post(Message("final"), Delivery.Required, "candle", 0);

        Assert.Equal(["q", "final"], TakeAll(outbox));
        Assert.Equal(0, outbox.Release(tick: 8, secondsPerTick: 0.25));
        Assert.Equal(0, outbox.Count);
    }

    [Fact]
    public void Release_OfEverything_EmptiesWhatIsHeld()
    {
        var outbox = new Outbox(Options);
        outbox.SetRate(1, tick: 0);
        for (var i = 0; i < 5; i++)
        {
            outbox.Post(Message($"{i}"), Delivery.Conflatable, $"key{i}", 0);
        }

        Assert.Equal(4, outbox.Release(tick: 0, secondsPerTick: 0.25, all: true));
        Assert.Equal(["0", "1", "2", "3", "4"], TakeAll(outbox));
    }

    [Fact]
    public void Sequence_WithinAStream_NeverGoesBack_AndTheLastIsTheNewest()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var outbox = new Outbox(Options with { OutboxBytes = 10_000_000 });
            var last = new int[5];
            var seen = new int[5];
            var posted = 0;
            var arrived = 0;
            if (seed % 2 == 1)
            {
                outbox.SetRate(random.Next(1, 50), 0);
            }

            for (var step = 1; step < 2_000; step++)
            {
                var stream = random.Next(5);
                var required = random.Next(4) == 0;
                outbox.Post(Message($"{stream} {step}"), required ? Delivery.Required : Delivery.Conflatable, Keys[stream], step / 50);
                last[stream] = step;
                posted++;
                outbox.Release(step / 50, 0.25);

                // A client that reads in fits: mostly not, then much.
                for (var take = random.Next(60) == 0 ? random.Next(100) : 0; take > 0 && outbox.TryTake(out var item); take--)
                {
                    arrived += Arrive(item, seen);
                }
            }

            outbox.Release(100, 0, all: true);
            while (outbox.TryTake(out var item))
            {
                arrived += Arrive(item, seen);
            }

            Assert.Equal(last, seen);
            Assert.Equal(posted, arrived);
            Assert.Equal((0, 0L), (outbox.Count, outbox.Bytes));
        }
    }

    private static readonly string[] Keys = ["k0", "k1", "k2", "k3", "k4"];

    /// <returns>How many posted messages it stands for.</returns>
    private static int Arrive(OutboxItem item, int[] seen)
    {
        var parts = Text(item).Split(' ');
        var stream = int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture);
        var step = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(step > seen[stream], "sequence went back");
        seen[stream] = step;
        return 1 + item.Conflated;
    }

    private static SharedMessage Message(string text) => SharedMessage.Text(Encoding.UTF8.GetBytes(text));

    private static string Text(OutboxItem item) => Encoding.UTF8.GetString(item.Message.Payload.Span);

    private static List<string> TakeAll(Outbox outbox) => [.. TakeItems(outbox).Select(Text)];

    private static List<OutboxItem> TakeItems(Outbox outbox)
    {
        var items = new List<OutboxItem>();
        while (outbox.TryTake(out var item))
        {
            items.Add(item);
        }

        return items;
    }
}
