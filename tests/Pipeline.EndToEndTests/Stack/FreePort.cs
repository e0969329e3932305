using System.Net;
using System.Net.Sockets;

namespace Pipeline.EndToEndTests.Stack;

/// <summary>Ports that nobody uses, below the range from which the system hands out ports of outgoing connections.</summary>
internal static class FreePort
{
    private static int _next = 20_000 + (Environment.ProcessId % 400 * 20);

    public static int Next()
    {
        while (true)
        {
            var port = Interlocked.Increment(ref _next);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one may be free.
            }
        }
    }
}
