// A function, because a template for addresses would be compiled again for every page.
export default { permalink: (data) => data.of.path };
