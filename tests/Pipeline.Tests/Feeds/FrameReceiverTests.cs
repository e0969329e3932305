using System.Text;
using Pipeline.Core.Feeds;

namespace Pipeline.Tests.Feeds;

public sealed class FrameReceiverTests
{
    [Fact]
    public void Burst_LargerThanABatch_IsCutAtItsLimit()
    {
        using var world = new ConnectionWorld();
        var sizes = new List<int>();
        world.Connection.MessageReceived.Subscribe(batch => sizes.Add(batch.Count));
        world.Connection.Start();

        world.Socket.Deliver([.. Enumerable.Range(0, 600).Select(i => $"frame {i}")]);

        Assert.Equal([256, 256, 88], sizes);
        Assert.Equal(string.Join(' ', Enumerable.Range(0, 600).Select(i => $"frame {i}")), string.Join(' ', world.Batches));
    }

    [Fact]
    public void Frame_InFragments_IsJoined()
    {
        using var world = new ConnectionWorld();
        world.Connection.Start();

        world.Socket.Enqueue("ab"u8.ToArray(), endOfMessage: false);
        world.Socket.Pump();
        world.Socket.Enqueue("cd"u8.ToArray(), endOfMessage: false);
        world.Socket.Enqueue(""u8.ToArray());
        world.Socket.Pump();

        Assert.Equal(["abcd"], world.Batches);
    }

    [Fact]
    public void Frames_AcrossManySlabs_KeepTheirBytes()
    {
        using var world = new ConnectionWorld();
        var expected = Enumerable.Range(0, 2000).Select(i => new string((char)('a' + (i % 26)), 1 + (i * 7 % 900))).ToArray();
        var actual = new List<string>();
        world.Connection.MessageReceived.Subscribe(batch =>
        {
            for (var i = 0; i < batch.Count; i++)
            {
                actual.Add(Encoding.UTF8.GetString(batch[i]));
                Assert.Equal(batch[i].Length, batch.WireSize(i));
            }
        });
        world.Connection.Start();

        world.Socket.Deliver(expected);

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Batch_Retained_KeepsItsBytesWhileReadingGoesOn()
    {
        using var world = new ConnectionWorld();
        var kept = new List<FrameBatch>();
        world.Connection.MessageReceived.Subscribe(batch =>
        {
            batch.Retain();
            kept.Add(batch);
        });
        world.Connection.Start();
        for (var i = 0; i < 500; i++)
        {
            world.Socket.Deliver($"frame {i} {new string('x', 400)}");
        }

        Assert.All(Enumerable.Range(0, 500), i =>
            Assert.StartsWith($"frame {i} ", Encoding.UTF8.GetString(kept[i][0]), StringComparison.Ordinal));
        kept.ForEach(batch => batch.Release());
    }

    [Theory]
    [InlineData(65_000)]
    [InlineData(65_537)]
    [InlineData(1_000_000)]
    [InlineData(8 * 1024 * 1024)]
    public void LargeFrame_UpToTheLimit_IsKeptWhole(int size)
    {
        using var world = new ConnectionWorld();
        var frame = new byte[size];
        new Random(7).NextBytes(frame);
        var equal = false;
        world.Connection.MessageReceived.Subscribe(batch =>
        {
            for (var i = 0; i < batch.Count; i++)
            {
                equal |= batch[i].SequenceEqual(frame);
            }
        });
        world.Connection.Start();

        world.Socket.Enqueue("before"u8.ToArray());
        world.Socket.Enqueue(frame);
        world.Socket.Enqueue("after"u8.ToArray());
        world.Socket.Pump();

        Assert.True(equal);
        Assert.Equal(3, world.Connection.Frames);
    }

    [Fact]
    public void OversizeFrame_IsCutToItsFirstPart_AndTheNextIsWhole()
    {
        using var world = new ConnectionWorld();
        var seen = new List<(int Length, long Wire)>();
        var last = "";
        world.Connection.MessageReceived.Subscribe(batch =>
        {
            for (var i = 0; i < batch.Count; i++)
            {
                seen.Add((batch[i].Length, batch.WireSize(i)));
                last = batch[i].Length < 100 ? Encoding.UTF8.GetString(batch[i]) : last;
            }
        });
        world.Connection.Start();

        world.Socket.Enqueue(new byte[(9 * 1024 * 1024) + 1]);
        world.Socket.Enqueue("after"u8.ToArray());
        world.Socket.Pump();

        Assert.Equal([(FrameReceiver.KeptBytes, (9 * 1024 * 1024) + 1), (5, 5)], seen);
        Assert.Equal("after", last);
        Assert.True(world.Connection.IsRunning);
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(101, 100)]
    public void SmallLimit_CutsOnlyWhatIsAboveIt(int size, int kept)
    {
        using var world = new ConnectionWorld(new WebSocketOptions { MaxFrameBytes = 100 });
        world.Connection.Start();

        world.Socket.Deliver(new string('x', size));

        Assert.Equal(new string('x', kept), Assert.Single(world.Batches));
    }

    [Fact]
    public void Padding_BehindTheLastFrame_IsReadable()
    {
        using var world = new ConnectionWorld();
        var readable = true;
        world.Connection.MessageReceived.Subscribe(batch =>
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var frame = batch[i];
                readable &= System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(
                    ref System.Runtime.InteropServices.MemoryMarshal.GetReference(frame), frame.Length + FrameSlab.Padding).Length > 0;
            }
        });
        world.Connection.Start();

        world.Socket.Deliver([.. Enumerable.Range(0, 700).Select(i => new string('x', 300 + i))]);

        Assert.True(readable);
        Assert.Equal(700, world.Connection.Frames);
    }

    [Fact]
    public void FramesBeforeAClose_InTheSameBurst_AreDelivered()
    {
        using var world = new ConnectionWorld();
        world.Connection.Start();
        world.Socket.Enqueue("a"u8.ToArray());
        world.Socket.Enqueue("b"u8.ToArray());

        world.Socket.CloseByVenue(1001);

        Assert.Equal(["a b"], world.Batches);
        Assert.Equal(1001, world.Disconnections[0].CloseCode);
    }

    [Fact]
    public void SteadyState_AllocatesNothingPerFrame()
    {
        using var world = new ConnectionWorld(recording: false);
        world.Connection.MessageReceived.Subscribe(Look);
        world.Connection.Start();
        var frame = Encoding.UTF8.GetBytes("""{"e":"aggTrade","s":"BTCUSDT","p":"91234.56","q":"0.0015"}""".PadRight(200));

        var perFrameInBursts = BytesPerFrame(world, frame, bursts: 2000, size: 256);
        var perFrameAlone = BytesPerFrame(world, frame, bursts: 100_000, size: 1);

        Assert.InRange(perFrameInBursts, 0, 1);
        Assert.InRange(perFrameAlone, 0, 1);
    }

    private static void Look(FrameBatch batch)
    {
    }

    private static double BytesPerFrame(ConnectionWorld world, byte[] frame, int bursts, int size)
    {
        Run(world, frame, 50, size);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(world, frame, bursts, size);
        return (GC.GetAllocatedBytesForCurrentThread() - before) / ((double)bursts * size);
    }

    private static void Run(ConnectionWorld world, byte[] frame, int bursts, int size)
    {
        for (var burst = 0; burst < bursts; burst++)
        {
            for (var i = 0; i < size; i++)
            {
                world.Socket.Enqueue(frame);
            }

            world.Socket.Pump();
        }
    }
}
