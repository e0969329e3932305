using Pipeline.Simulator.Sockets;

namespace Pipeline.Simulator.Binance;

/// <summary>A stream whose payload is an array with an element per symbol, gathered over a turn.</summary>
internal sealed class ArrayStream(MarketStream stream)
{
    private readonly FrameBuilder[] _frames = [new(), new()];
    private readonly int[] _counts = new int[StreamSender.Units];

    /// <summary>A builder for the next element when somebody wants the stream in this unit; else null.</summary>
    public FrameBuilder? Next(int unit, NumberFormat format)
    {
        if (stream.Sessions(unit == 1).Length == 0)
        {
            return null;
        }

        var frame = _frames[unit];
        if (_counts[unit]++ == 0)
        {
            frame.Begin();
            frame.Text("["u8);
        }
        else
        {
            frame.Text(","u8);
        }

        frame.Format = format;
        return frame;
    }

    /// <summary>Sends the arrays that have elements.</summary>
    public void Flush(StreamSender sender)
    {
        for (var unit = 0; unit < StreamSender.Units; unit++)
        {
            if (_counts[unit] > 0)
            {
                _counts[unit] = 0;
                sender.Send(stream, unit, _frames[unit].Text("]"u8));
            }
        }
    }
}
