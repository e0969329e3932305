using System.Buffers;
using System.Text;
using Pipeline.Fanout.Frames;

namespace Pipeline.SocketIo.Tests.Fanout;

public sealed class FrameFuzzTests
{
    private const int Limit = 2_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Messages_HoweverFragmentedAndTorn_ComeOutAsTheyWentIn(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            var (bytes, messages) = Conversation(random);
            var found = new List<string>();
            var pings = Read(Torn(bytes, random), found, out var fault);

            Assert.Null(fault);
            Assert.Equal(messages, found);
            Assert.True(pings >= 0);
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Bytes_WithErrors_AreFaultsAndNothingElse(int seed)
    {
        var random = new Random(seed);
        var faults = 0;
        for (var round = 0; round < 3_000; round++)
        {
            var (bytes, _) = Conversation(random);
            for (var i = 0; i < 3; i++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            Read(Torn(bytes, random), [], out var fault);
            faults += fault is null ? 0 : 1;
            Assert.True(fault is null or 1002 or 1007 or 1009);
        }

        // A flipped byte in a payload mostly stays text; in a header it mostly does not.
        Assert.InRange(faults, 300, 3_000);
    }

    /// <summary>Feeds the pieces as a pipe would: what was not taken stays in front.</summary>
    private static int Read(IEnumerable<byte[]> pieces, List<string> messages, out int? fault)
    {
        var reader = new FrameReader(Limit, compression: true);
        byte[] rest = [];
        var pings = 0;
        fault = null;
        foreach (var piece in pieces)
        {
            byte[] all = [.. rest, .. piece];
            var buffer = all.Length > 3 ? ClientFrames.Split(all, all.Length / 3, 1) : new ReadOnlySequence<byte>(all);
            FrameKind kind;
            while ((kind = reader.Read(ref buffer)) is not (FrameKind.Incomplete or FrameKind.Fault))
            {
                pings += kind == FrameKind.Ping ? 1 : 0;
                if (kind == FrameKind.Message)
                {
                    Assert.True(reader.Payload.Length <= Limit);
                    messages.Add(Encoding.UTF8.GetString(reader.Payload));
                }

                reader.Release();
            }

            if (kind == FrameKind.Fault)
            {
                fault = reader.Code;
                break;
            }

            // Frames of a limit and one header fit; more than that is never asked for.
            Assert.True(buffer.Length <= Limit + 14);
            rest = buffer.ToArray();
        }

        reader.Dispose();
        return pings;
    }

    private static (byte[] Bytes, List<string> Messages) Conversation(Random random)
    {
        var bytes = new List<byte>();
        var messages = new List<string>();
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(random.Next(2) == 0 ? 20 : 600)).Select(_ => "aé€x"[random.Next(4)])]);
            messages.Add(text);
            AddFragments(bytes, Encoding.UTF8.GetBytes(text), random);
        }

        return ([.. bytes], messages);
    }

    private static void AddFragments(List<byte> bytes, byte[] payload, Random random)
    {
        var first = true;
        var at = 0;
        do
        {
            var length = random.Next(3) == 0 ? payload.Length - at : random.Next(payload.Length - at + 1);
            var final = at + length == payload.Length;
            bytes.AddRange(ClientFrames.Frame(first ? Opcode.Text : Opcode.Continuation, payload[at..(at + length)], (uint)random.Next(), final));
            at += length;
            first = false;
            if (final)
            {
                return;
            }

            if (random.Next(2) == 0)
            {
                bytes.AddRange(ClientFrames.Frame(random.Next(2) == 0 ? Opcode.Ping : Opcode.Pong, new byte[random.Next(126)], (uint)random.Next()));
            }
        }
        while (true);
    }

    private static IEnumerable<byte[]> Torn(byte[] bytes, Random random)
    {
        for (var at = 0; at < bytes.Length;)
        {
            var length = Math.Min(bytes.Length - at, random.Next(4) == 0 ? 1 : random.Next(1, 700));
            yield return bytes[at..(at + length)];
            at += length;
        }
    }
}
