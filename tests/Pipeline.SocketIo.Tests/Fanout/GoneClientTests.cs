using System.Net.Sockets;
using Pipeline.Fanout;
using Pipeline.TestKit.Time;

namespace Pipeline.SocketIo.Tests.Fanout;

public sealed class GoneClientTests
{
    /// <summary>A gate has counted the client by then: if this threw, nobody would ever count it out.</summary>
    [Fact]
    public void Socket_ThatIsGoneBeforeItsLinkIsOpened_FailsNothing()
    {
        using var links = new LinkServer([], new TestTimeProvider(), new LinkServerOptions { SocketSendBufferBytes = 65536 });
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Dispose();

        Assert.Null(Record.Exception(() => links.LimitKernel(socket)));
    }
}
