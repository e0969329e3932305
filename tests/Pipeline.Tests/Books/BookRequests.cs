using Pipeline.Core.Books;
using Pipeline.Core.Market;

namespace Pipeline.Tests.Books;

internal sealed class BookRequests(Action<Instrument> request) : IBookSnapshots
{
    public void Request(Instrument instrument) => request(instrument);
}
