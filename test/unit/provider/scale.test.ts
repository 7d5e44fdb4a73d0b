import { Estate } from "../../support/estate";

const MEGABYTE = 1024 * 1024;

describe("one provider process over 100 organizations with 50 certificates each", () => {
  let estate: Estate;
  beforeAll(async () => {
    estate = await Estate.start(100);
  });
  afterAll(() => estate.close());

  it("refreshes all 5,000 certificates and 100 active sets with one call an organization, below 300 MB", async () => {
    const { resources, calls, memoryBytes } = await estate.refresh();
    expect({ resources, calls }).toEqual({ resources: 5100, calls: 100 });
    expect(memoryBytes).toBeLessThan(300 * MEGABYTE);
  });
});
