using System.Diagnostics;

namespace Pipeline.EndToEndTests.Stack;

/// <summary>
/// How the machine treats this process: a thread that wants to run every 10 ms notes by how much it came late. What is measured of other
/// processes beside it was held up about as much, and is no fault of theirs.
/// </summary>
internal static class Machine
{
    private const int Every = 10;

    // Coming a moment late is a matter of the timer.
    private const long Allowed = 2_000;

    private static readonly Lock Gate = new();
    private static readonly List<(long At, long Late)> Delays = [];

    static Machine()
    {
        var thread = new Thread(Watch) { IsBackground = true, Name = "machine" };
        thread.Start();
    }

    /// <summary>How long threads were held up from one time to another; microseconds of the Unix epoch.</summary>
    public static TimeSpan Held(long from, long to)
    {
        lock (Gate)
        {
            var held = 0L;
            for (var i = Delays.Count - 1; i >= 0 && Delays[i].At >= from; i--)
            {
                // Of a delay only what lies in that time.
                held += Math.Max(0, Math.Min(to, Delays[i].At) - Math.Max(from, Delays[i].At - Delays[i].Late));
            }

            return TimeSpan.FromMicroseconds(held);
        }
    }

    private static void Watch()
    {
        while (true)
        {
            var slept = Stopwatch.GetTimestamp();
            Thread.Sleep(Every);
            var late = (long)Stopwatch.GetElapsedTime(slept).TotalMicroseconds - (Every * 1000);
            if (late > Allowed)
            {
                lock (Gate)
                {
                    Delays.Add((StackControl.Now, late));
                }
            }
        }
    }
}
