using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using Pipeline.Core.Feeds;
using Pipeline.Core.Feeds.Transport;

namespace Pipeline.Tests.Feeds;

public sealed class ConnectFailureTests
{
    private static readonly Uri Address = new("wss://stream.venue.test:9443/ws");

    public static TheoryData<Exception, DisconnectionReason> Causes => new()
    {
        { new SocketException((int)SocketError.HostNotFound), DisconnectionReason.Dns },
        { new SocketException((int)SocketError.TryAgain), DisconnectionReason.Dns },
        { new HttpRequestException(HttpRequestError.NameResolutionError), DisconnectionReason.Dns },
        { new SocketException((int)SocketError.ConnectionRefused), DisconnectionReason.Refused },
        { new SocketException((int)SocketError.TimedOut), DisconnectionReason.Timeout },
        { new SocketException((int)SocketError.NetworkUnreachable), DisconnectionReason.Network },
        { new AuthenticationException("The remote certificate is invalid"), DisconnectionReason.Tls },
        { new IOException("reset"), DisconnectionReason.Network },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public void Classify_ByInnermostKnownCause_NamesTheStage(Exception cause, DisconnectionReason expected)
    {
        var error = new WebSocketException("Unable to connect", new HttpRequestException("failed", cause));

        var failure = ConnectFailure.Classify(Address, error, null);

        Assert.Equal(expected, failure.Reason);
        Assert.Contains("stream.venue.test", failure.Message, StringComparison.Ordinal);
        Assert.Null(failure.HttpStatus);
    }

    [Fact]
    public void Classify_WithAnAnswer_IsAHandshakeFailure()
    {
        var failure = ConnectFailure.Classify(Address, new WebSocketException("status 451"), 451);

        Assert.Equal((DisconnectionReason.Handshake, 451), (failure.Reason, failure.HttpStatus));
    }
}
