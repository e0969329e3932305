using Microsoft.AspNetCore.Http;

namespace Pipeline.SocketIo.Tests.Wire;

internal sealed record Response(int Status, string Body, IHeaderDictionary Headers);
