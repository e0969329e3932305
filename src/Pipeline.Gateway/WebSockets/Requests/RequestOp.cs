namespace Pipeline.Gateway.WebSockets.Requests;

internal enum RequestOp
{
    Subscribe,
    Unsubscribe,
    List,
    Ping,
    GetStats,
}
