import { store } from '../src/flow/store.account';
import { credential } from '../src/hosts/n8n/credential';

export class CarillonStoreApi extends credential(store) {}
